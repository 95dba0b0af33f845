import CalendarModel
import CalendarTime
import ICalendar

/// What makes an item a series. Occurrences are known by their original date in the series' zone.
struct MailboxSeries: Sendable {
    var recurrence: MailboxRecurrence
    var cancelled: Set<CivilDate> = []
    var exceptions: [CivilDate: MailboxException] = [:]
}

/// Graph's patterned recurrence, with the rule it stands for.
struct MailboxRecurrence: Hashable, Sendable {
    /// With the unused members filled in, as the server shows it.
    var pattern: [String: GraphJSON]
    var range: [String: GraphJSON]
    var rule: RecurrenceRule
    var zone: ZonedTime.Zone

    /// The same up to a date.
    func shortened(to date: CivilDate) -> MailboxRecurrence {
        var shorter = self
        shorter.rule.end = .on(date)
        shorter.range["type"] = "endDate"
        shorter.range["endDate"] = .string(date.description)
        shorter.range["numberOfOccurrences"] = 0
        return shorter
    }
}

struct MailboxException: Sendable {
    var change = MailboxChange()
    var changeKey = 0
    var modifiedAt: Instant
    var isCancelled = false
    /// What the attendee answered to this occurrence on its own.
    var response: MailboxResponse?
    var extendedProperties: [String: String] = [:]
}

/// One occurrence of a series, as calendarView shows it.
struct MailboxOccurrence: Sendable {
    var date: CivilDate
    var originalStart: Instant
    var content: MailboxContent
    var exception: MailboxException?
}

extension MailboxItem {
    /// How many occurrences of a series are ever looked at in one go: Exchange's own limit for counted series is 999.
    private static let limit = 4000

    /// The series' start on the clock of its own zone. All-day series float: their dates are the dates they were given.
    private func seriesStart(_ series: MailboxSeries) -> WallTime {
        content.isAllDay ? content.start.wall : content.start.shown(in: series.recurrence.zone).wall
    }

    /// The occurrences that overlap a window, in order, with their exceptions applied.
    func occurrences(in window: TimeSpan) -> [MailboxOccurrence] {
        guard let series else { return [] }
        let length = content.span.duration
        let zone = series.recurrence.zone
        guard
            let first = Zones.date(of: window.start.advanced(by: .zero - length), in: zone.id),
            let last = Zones.date(of: window.end, in: zone.id)
        else { return [] }
        var dates = starts(from: Zones.date(first, addingDays: -1), through: Zones.date(last, addingDays: 1))
        // An exception may have been moved into the window from outside it.
        for date in series.exceptions.keys.sorted() where !dates.contains(where: { $0.date == date }) {
            dates += starts(from: date, through: date)
        }
        return dates.compactMap { occurrence(startingAt: $0, series: series) }
            .filter { $0.content.overlaps(window) }
            .sorted { ($0.content.start.instant, $0.date) < ($1.content.start.instant, $1.date) }
    }

    /// One occurrence by its original date; nil when the rule has none there or when it was taken out.
    func occurrence(on date: CivilDate) -> MailboxOccurrence? {
        guard let series, let start = starts(from: date, through: date).first else { return nil }
        return occurrence(startingAt: start, series: series)
    }

    /// The original dates of all occurrences that are left, for three years from the start when the rule has no end.
    func occurrenceDates() -> [CivilDate] {
        guard let series else { return [] }
        let start = seriesStart(series).date
        return starts(from: start, through: Zones.date(start, addingDays: 3 * 366)).map(\.date)
            .filter { !series.cancelled.contains($0) }
    }

    /// The occurrences before and after one, unless taken out, to tell whether a move would pass over them.
    func neighbours(of date: CivilDate) -> (before: MailboxOccurrence?, after: MailboxOccurrence?) {
        guard let series else { return (nil, nil) }
        let around = starts(from: Zones.date(date, addingDays: -400), through: Zones.date(date, addingDays: 400))
        let live = around.compactMap { occurrence(startingAt: $0, series: series) }
        return (live.last { $0.date < date }, live.first { $0.date > date })
    }

    private func starts(from: CivilDate, through: CivilDate) -> [WallTime] {
        guard let series else { return [] }
        let found = try? RecurrenceExpansion.occurrences(
            of: series.recurrence.rule, startingAt: seriesStart(series), from: from, through: through,
            limit: Self.limit)
        return found ?? []
    }

    private func occurrence(startingAt start: WallTime, series: MailboxSeries) -> MailboxOccurrence? {
        guard !series.cancelled.contains(start.date) else { return nil }
        let zone = series.recurrence.zone
        let exception = series.exceptions[start.date]
        var own = content
        if content.isAllDay {
            let days = Int(wholeDays(from: content.start.wall.date, to: content.end.wall.date))
            let last = WallTime(date: Zones.date(start.date, addingDays: days), hour: 0, minute: 0)
            own.start = ZonedTime(wall: start, zone: own.start.zone)
            own.end = ZonedTime(wall: last, zone: own.end.zone)
        } else {
            let begin = ZonedTime(wall: start, zone: zone)
            own.start = begin.shown(in: content.start.zone)
            own.end = ZonedTime(begin.instant.advanced(by: content.span.duration), in: content.end.zone)
        }
        if let exception { own = own.applying(exception.change) }
        return MailboxOccurrence(
            date: start.date, originalStart: ZonedTime(wall: start, zone: zone).instant, content: own,
            exception: exception)
    }
}

/// The number of days between two dates.
private func wholeDays(from first: CivilDate, to end: CivilDate) -> Int64 {
    func midnight(_ date: CivilDate) -> Instant {
        ZonedTime(wall: WallTime(date: date, hour: 0, minute: 0), zone: .utc).instant
    }
    return midnight(end).since(midnight(first)).components.seconds / 86_400
}
