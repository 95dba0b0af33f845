import CalendarModel
import ICalendar
import SyncEngine

/// One thing about a meeting that a person can change, and that crosses.
enum Facet: Hashable, Comparable {
    case time, zone, pattern, showAs, subject, body, sensitivity
    /// One occurrence of a series, by its original start.
    case occurrence(WallTime)
}

/// What it is, in a form that is equal when it means the same.
enum FacetValue: Hashable {
    case span(TimeSpan)
    case days(CivilDate, CivilDate)
    /// The rule, and what is added to it.
    case pattern(RecurrenceRule, Set<WallTime>)
    case zone(ZoneID)
    case single
    case text(String)
    case word(String)
    /// The occurrence does not hold the room: cancelled, or shown as free.
    case off
    case asRule
    case changed([Facet: FacetValue])
}

extension FacetValue {
    /// Whether each thing about a changed occurrence is as one of the others has it.
    func isMix(of others: [FacetValue]) -> Bool {
        guard case .changed(let parts) = self else { return false }
        return parts.allSatisfy { facet, value in
            others.contains { other in
                if case .changed(let theirs) = other { theirs[facet] == value } else { false }
            }
        }
    }
}

/// A meeting as the promises see it.
struct Facets: Hashable {
    private(set) var values: [Facet: FacetValue] = [:]

    /// - Parameter withContent: whether the link's policy lets more cross than when the room is taken.
    init(_ meeting: Meeting, withContent: Bool) {
        values[.time] = Self.time(meeting.time)
        values[.showAs] = .word(meeting.showAs.rawValue)
        if withContent {
            values[.subject] = .text(canonicalLine(meeting.subject))
            values[.body] = .text(Self.body(meeting.body))
            values[.sensitivity] = .word(meeting.sensitivity.rawValue)
        }
        guard let recurrence = meeting.recurrence else {
            values[.pattern] = .single
            return
        }
        // The zone of the rule's wall times.
        if case .timed(let timed) = meeting.time { values[.zone] = .zone(timed.zone) }
        values[.pattern] = .pattern(recurrence.rule, recurrence.additions)
        for original in recurrence.irregular {
            let value = Self.occurrence(recurrence.state(of: original), of: meeting, withContent: withContent)
            if value != .asRule { values[.occurrence(original)] = value }
        }
    }

    subscript(facet: Facet) -> FacetValue { values[facet] ?? .asRule }

    var keys: Set<Facet> { Set(values.keys) }

    /// What is not the same.
    func differences(from other: Facets) -> [Facet] {
        keys.union(other.keys).filter { self[$0] != other[$0] }.sorted()
    }

    private static func time(_ time: MeetingTime) -> FacetValue {
        switch time {
        case .timed(let timed): .span(timed.span)
        case .allDay(let allDay): .days(allDay.first, allDay.end)
        }
    }

    private static func body(_ text: String) -> String {
        guard !text.isEmpty else { return text }
        return canonicalText(text).split(separator: "\n")
            .filter { !$0.hasPrefix("Booked in LoopBooking by ") }.joined(separator: "\n")
    }

    private static func occurrence(
        _ state: Recurrence.OccurrenceState, of series: Meeting, withContent: Bool
    ) -> FacetValue {
        switch state {
        case .asRule: return .asRule
        case .cancelled: return .off
        case .changed(let change):
            if let showAs = change.showAs, !showAs.holdsRoom { return .off }
            var parts: [Facet: FacetValue] = [:]
            parts[.time] = change.time.map(time)
            if let showAs = change.showAs, showAs != series.showAs { parts[.showAs] = .word(showAs.rawValue) }
            if withContent {
                if let subject = change.subject, canonicalLine(subject) != canonicalLine(series.subject) {
                    parts[.subject] = .text(canonicalLine(subject))
                }
                if let body = change.body, Self.body(body) != Self.body(series.body) {
                    parts[.body] = .text(Self.body(body))
                }
            }
            return parts.isEmpty ? .asRule : .changed(parts)
        }
    }
}

extension Facet {
    /// Whether the engine may put it back when the room is taken at the new time.
    var concernsTime: Bool {
        switch self {
        case .time, .zone, .pattern, .occurrence: true
        case .showAs, .subject, .body, .sensitivity: false
        }
    }

    var isOccurrence: Bool { if case .occurrence = self { true } else { false } }

    var words: String {
        switch self {
        case .time: "time"
        case .zone: "time zone"
        case .pattern: "rule"
        case .showAs: "free/busy"
        case .subject: "subject"
        case .body: "notes"
        case .sensitivity: "private flag"
        case .occurrence(let original): "occurrence of \(original)"
        }
    }
}
