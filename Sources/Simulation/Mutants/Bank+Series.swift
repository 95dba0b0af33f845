import CalendarModel
import CalendarTime
import SyncEngine

extension Mutant {
    /// What is made of series is wrong.
    static let series: [Mutant] = [
        rewriting("exceptions-dropped", "Changed occurrences are written as the rule has them (allodia).") {
            $0.recurrence?.exceptions = [:]
        },
        rewriting("cancelled-come-back", "Cancelled occurrences are written as if they were on.") {
            $0.recurrence?.cancelled = []
        },
        rewriting("until-off-by-one", "A series ends a day early in the calendar.") { meeting in
            if case .on(let date)? = meeting.recurrence?.rule.end {
                meeting.recurrence?.rule.end = .on(Zones.date(date, addingDays: -1))
            }
        },
        rewriting("count-off-by-one", "A series has one occurrence too many in the calendar.") { meeting in
            if case .after(let count)? = meeting.recurrence?.rule.end {
                meeting.recurrence?.rule.end = .after(count: count + 1)
            }
        },
        rewriting("utc-series", "A series is written in UTC: an hour off after the clocks change.") { meeting in
            guard meeting.recurrence != nil, case .timed(let timed) = meeting.time,
                let utc = try? Zones.timed(span: timed.span, zone: .utc)
            else { return }
            meeting.time = .timed(utc)
        },
        .calendar(
            "keyed-by-moved-start", "A moved occurrence is known by where it was moved to.", needsSeries: true
        ) { calendar, _ in
            calendar.seen = { meeting in
                guard let recurrence = meeting.recurrence else { return meeting }
                var meeting = meeting
                for (original, change) in recurrence.exceptions {
                    guard case .timed(let timed)? = change.time else { continue }
                    meeting.recurrence?.exceptions[original] = nil
                    meeting.recurrence?.exceptions[timed.start] = change
                }
                return meeting
            }
        },
        .calendar("occurrences-ignored", "A change of one occurrence is not written.", needsSeries: true) {
            calendar, _ in
            calendar.onUpdate = { (base, update, address) async throws(ConnectorError) in
                try await base.update(
                    update.reference, to: update.meeting, parts: MeetingParts(update.parts.fields),
                    ifVersion: update.version, in: address)
            }
        },
        .calendar("split-doubled", "A series that was cut in two goes on beside its other half.", needsSeries: true) {
            calendar, _ in
            calendar.onUpdate = { (base, update, address) async throws(ConnectorError) in
                var parts = update.parts
                parts.fields.remove(.recurrence)
                return try await base.update(
                    update.reference, to: update.meeting, parts: parts, ifVersion: update.version, in: address)
            }
        },
        .calendar("first-only", "Of a series in the calendar only the first occurrence is seen.", needsSeries: true) {
            calendar, _ in
            calendar.seen = { meeting in
                var meeting = meeting
                meeting.recurrence = nil
                return meeting
            }
        },
    ]

    private static func rewriting(
        _ name: String, _ fault: String, _ change: @escaping @Sendable (inout Meeting) -> Void
    ) -> Mutant {
        .calendar(name, fault, needsSeries: true) { calendar, _ in
            calendar.written = { meeting in
                var meeting = meeting
                change(&meeting)
                return meeting
            }
        }
    }
}
