import CalendarModel
import CalendarTime
import SyncService

/// A day of both calendars as the numbers of a drawing; docs/design.md has the geometry. One minute is 1.4 units.
struct DayTimeLine {
    private static let unit = 1.4
    private static let margin = 24.0
    private static let laneTops: [Side: Double] = [.loopBooking: 54, .calendar: 146]

    private let day: RoomDay
    private let times: TimeWriter
    private let words: Words
    private let now: Instant
    /// Where a meeting leads to.
    private let path: (BookingID) -> String
    /// The hours that are drawn.
    private let shown: TimeSpan

    init(_ day: RoomDay, words: Words, now: Instant, path: @escaping (BookingID) -> String) {
        self.day = day
        self.words = words
        self.now = now
        self.path = path
        times = TimeWriter(words.language.times, zone: day.room.zone)
        shown = Self.shown(day)
    }

    /// Seven to seven, and as much more as meetings need that do not last the whole day.
    private static func shown(_ day: RoomDay) -> TimeSpan {
        func instant(_ hour: Int) -> Instant {
            if hour >= 24 { return day.day.end }
            return Zones.instant(of: WallTime(date: day.date, hour: hour, minute: 0), in: day.room.zone)
                ?? day.day.start
        }
        var start = instant(7)
        var end = instant(19)
        for entry in day.rows.flatMap({ [$0.here, $0.there].compactMap(\.self) }) {
            let from = max(entry.span.start, day.day.start)
            let to = min(entry.span.end, day.day.end)
            guard from > day.day.start || to < day.day.end else { continue }
            start = min(start, from)
            end = max(end, to)
        }
        let hour: Int64 = 3_600_000_000
        let before = (start.microseconds - day.day.start.microseconds) / hour * hour
        let after = (end.microseconds - day.day.start.microseconds + hour - 1) / hour * hour
        return TimeSpan(
            start: Instant(microseconds: day.day.start.microseconds + before),
            end: min(Instant(microseconds: day.day.start.microseconds + after), day.day.end))
    }

    private func x(_ instant: Instant) -> Double {
        let clipped = min(max(instant, shown.start), shown.end)
        return Self.margin + Self.unit * clipped.since(shown.start).inSeconds / 60
    }

    private func number(_ value: Double) -> JSONValue {
        let tenths = Int((value * 10).rounded())
        return .string(tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))")
    }

    var values: JSONValue {
        let width = x(shown.end) + Self.margin
        let isToday = day.day.contains(now) && shown.contains(now)
        let here = blocks(\.here)
        let there = blocks(\.there)
        return [
            "width": number(width), "hours": .array(hours),
            "now": isToday ? ["x": number(x(now)), "text": .string(times.clock(now))] : .null,
            "blocks": .array(here.values + there.values), "pairs": .array(pairs),
            "rows": .array(day.rows.map(row)), "isEmpty": .bool(day.rows.isEmpty),
        ]
    }

    private var hours: [JSONValue] {
        var result: [JSONValue] = []
        var instant = shown.start
        while instant <= shown.end {
            let clock = instant == day.day.end ? "24" : String(times.clock(instant).prefix(2))
            result.append(["x": number(x(instant)), "text": .string(clock)])
            instant = instant.advanced(by: .seconds(3600))
        }
        return result
    }

    // MARK: Blocks

    private func blocks(_ side: KeyPath<RoomDay.Row, RoomDay.Entry?>) -> (values: [JSONValue], count: Int) {
        let rows = day.rows.filter { $0[keyPath: side] != nil }
            .sorted { ($0[keyPath: side]?.span.start ?? now) < ($1[keyPath: side]?.span.start ?? now) }
        let spans = rows.compactMap { $0[keyPath: side]?.span }
        var ends = [Instant(microseconds: .min), Instant(microseconds: .min)]
        var values: [JSONValue] = []
        for (index, row) in rows.enumerated() {
            guard let entry = row[keyPath: side] else { continue }
            let isShared = spans.enumerated().contains { $0.offset != index && $0.element.overlaps(entry.span) }
            let place = !isShared || ends[0] <= entry.span.start ? 0 : 1
            ends[place] = max(ends[place], entry.span.end)
            values.append(block(entry, row.state, isShared: isShared, place: place))
        }
        return (values, values.count)
    }

    private func block(_ entry: RoomDay.Entry, _ state: RoomDay.State, isShared: Bool, place: Int) -> JSONValue {
        let left = x(entry.span.start)
        // Meetings that follow one another do not touch.
        let width = max(x(entry.span.end) - left - 2, 6)
        let height = isShared ? 27.0 : 56.0
        let top = (Self.laneTops[entry.side] ?? 54) + (place == 1 ? 29 : 0)
        let isNo = !entry.holdsRoom
        var kind = entry.side == .loopBooking ? "tl-loop" : "tl-calendar"
        if isNo { kind += " tl-clash" } else if state == .oneSide { kind += " tl-alone" }
        if entry.isPrivate { kind += " tl-private" }
        let isLong = entry.span.duration >= .seconds(90 * 60)
        let clock = times.clock(entry.span)
        let label = [title(entry), clock] + (isNo ? [words["room.day.toldNo"]] : [])
        return [
            "kind": .string(kind), "path": entry.booking.map { .string(path($0)) } ?? .null,
            "label": .string(label.joined(separator: ", ")), "x": number(left), "y": number(top),
            "width": number(width), "height": number(height), "inner": number(width - 2),
            "innerHeight": number(height - 2),
            "title": .string(Self.shortened(title(entry), to: width - (isNo ? 23 : 8) - 4)),
            "titleX": isNo ? "23" : "8",
            "titleY": isShared ? "18" : "23", "isNo": .bool(isNo),
            "when": isShared || width < 40 ? .null : .string(isLong ? clock : times.clock(entry.span.start)),
        ]
    }

    /// A title as far as it fits; all of it is in the block's label.
    /// - Parameter width: in the drawing's units; a letter is about seven wide.
    private static func shortened(_ title: String, to width: Double) -> String {
        let letters = max(0, Int(width / 7))
        if title.count <= letters { return title }
        return letters < 2 ? "" : title.prefix(letters - 1) + "…"
    }

    private func title(_ entry: RoomDay.Entry) -> String { entry.isPrivate ? words["desk.private"] : entry.title }

    private var pairs: [JSONValue] {
        day.rows.compactMap { row in
            guard let here = row.here, let there = row.there, row.state != .toldNo else { return nil }
            let upper = middle(here.span)
            let lower = middle(there.span)
            return [
                "kind": row.state == .crossing ? "tl-pair tl-pair-moving" : "tl-pair",
                "x1": number(upper), "x2": number(lower),
            ]
        }
    }

    private func middle(_ span: TimeSpan) -> Double { (x(span.start) + x(span.end)) / 2 }

    // MARK: The same as a list

    private func row(_ row: RoomDay.Row) -> JSONValue {
        func cell(_ entry: RoomDay.Entry?) -> JSONValue {
            guard let entry else { return .null }
            return [
                "text": .string("\(times.clock(entry.span)) \(title(entry))"), "organizer": .optional(entry.organizer),
                "path": entry.booking.map { .string(path($0)) } ?? .null,
            ]
        }
        let (kind, icon) =
            switch row.state {
            case .inSync: ("inSync", "in-sync")
            case .crossing: ("catchingUp", "catching-up")
            case .oneSide: ("notCertain", "not-certain")
            case .toldNo: ("bad", "cross-circle")
            case .unlinked: ("notChecked", "not-checked")
            }
        return [
            "here": cell(row.here), "there": cell(row.there),
            "status": [
                "kind": .string(kind), "icon": .string(icon), "word": .string(words["room.day.\(row.state.rawValue)"]),
            ],
        ]
    }
}
