import CalendarModel
import CalendarTime

/// Puts a series together from the parts a file gives.
struct SeriesBuilder {
    private var result: ImportedMeeting
    private let roomZone: ZoneID
    private let most: Int

    init(_ first: ImportedMeeting, recurrence: Recurrence, roomZone: ZoneID, most: Int) {
        result = first
        result.meeting.recurrence = recurrence
        self.roomZone = roomZone
        self.most = most
    }

    private var series: Series? { Series(result.meeting, roomZone: roomZone) }

    private mutating func edit(_ body: (inout Recurrence) -> Void) {
        guard var recurrence = result.meeting.recurrence else { return }
        body(&recurrence)
        result.meeting.recurrence = recurrence
    }

    /// A start that the rule does not match is an occurrence all the same, unless the rule ended before it.
    mutating func addStart() {
        guard let series, !series.has(series.start) else { return }
        if case .on(let date) = series.recurrence.rule.end, date < series.start.date { return }
        edit { $0.additions.insert(series.start) }
    }

    /// Further rules of one series: written out when they end, else series of their own.
    mutating func add(rules: ArraySlice<RecurrenceRule>) -> [ImportedMeeting] {
        var others: [ImportedMeeting] = []
        for rule in rules {
            var other = result
            other.meeting.recurrence = Recurrence(rule: rule)
            guard let expanded = Series(other.meeting, roomZone: roomZone), let series else { continue }
            guard rule.end != .never else {
                result.remarks.append("It has several rules without end and became as many series.")
                others.append(other)
                continue
            }
            let last = Zones.date(of: expanded.reach.end, in: expanded.zone) ?? expanded.start.date
            let dates = expanded.originals(from: expanded.start.date, through: last).prefix(most)
            edit { $0.additions.formUnion(dates.filter { !series.has($0) }) }
        }
        return others
    }

    /// RDATE
    mutating func add(_ period: FilePeriod) {
        guard let series else { return }
        let original = wall(of: period.start, in: series)
        if !series.has(original) { edit { $0.additions.insert(original) } }
        guard let end = period.end, let regular = series.regularTime(of: original) else { return }
        func placed(_ time: FileTime) -> FileTime {
            series.meeting.time.isAllDay ? time : .clock(time.wall(in: series.zone), series.zone)
        }
        guard let own = FileTime.meetingTime(from: placed(period.start), to: placed(end), roomZone: roomZone),
            own.span.duration != regular.span.duration
        else { return }
        edit { $0.exceptions[original] = OccurrenceChange(time: own) }
    }

    /// EXDATE: a time takes out the occurrence there, a date those of the day.
    mutating func exclude(_ time: FileTime) {
        guard let series else { return }
        var originals: Set<WallTime> = [wall(of: time, in: series)]
        // Written for another zone, or for none, by programs that mean the clock's time.
        if !series.has(wall(of: time, in: series)) { originals = [time.ownWall] }
        if case .date(let date) = time {
            originals = Set(series.originals(from: date, through: date))
        }
        edit { $0.cancelled.formUnion(originals.filter(series.has)) }
    }

    /// RECURRENCE-ID: an occurrence that differs.
    mutating func change(_ event: FileEvent, masterSequence: Int) {
        guard let time = event.original, let series else { return }
        let original = self.original(time, in: series)
        guard !series.recurrence.cancelled.contains(original) else { return }
        guard !event.isCancelled else {
            if series.has(original) { edit { $0.cancelled.insert(original) } }
            return
        }
        guard let own = FileTime.meetingTime(from: event.start, to: event.end, roomZone: roomZone) else {
            result.remarks.append("A changed occurrence whose time makes no sense was left out.")
            return
        }
        if !series.has(original) {
            guard event.rules.isEmpty || event.sequence >= masterSequence else { return }
            edit { $0.additions.insert(original) }
        }
        take(event, at: own, for: original, of: series)
    }

    /// RANGE=THISANDFUTURE: the occurrence and all after it are moved by as much, last as long and say the same.
    mutating func changeFollowing(_ event: FileEvent) {
        guard let time = event.original, let series,
            let own = FileTime.meetingTime(from: event.start, to: event.end, roomZone: roomZone)
        else { return }
        let first = original(time, in: series)
        guard let regular = series.regularTime(of: first) else { return }
        let last = Zones.date(first.date, addingDays: 366 * 20)
        let following = series.originals(from: first.date, through: last).filter { $0 >= first }
        for original in following.prefix(most) {
            guard !event.isCancelled else {
                edit { $0.cancelled.insert(original) }
                continue
            }
            guard let place = series.regularTime(of: original),
                let moved = moved(place, as: own, from: regular)
            else { continue }
            take(event, at: moved, for: original, of: series)
        }
        if following.count > most || series.recurrence.rule.end == .never {
            result.remarks.append(
                "A change to “this and all following” was taken for \(min(most, following.count)) occurrences.")
        }
    }

    /// An occurrence moved as another one was, by as much on the clock, and as long as that one.
    private func moved(_ time: MeetingTime, as own: MeetingTime, from regular: MeetingTime) -> MeetingTime? {
        switch (time, own, regular) {
        case (.allDay(let time), .allDay(let own), .allDay(let regular)):
            let first = Zones.date(time.first, addingDays: Zones.days(from: regular.first, to: own.first))
            let end = Zones.date(first, addingDays: Zones.days(from: own.first, to: own.end))
            return (try? Zones.allDay(first: first, end: end, zone: roomZone)).map(MeetingTime.allDay)
        case (.timed(let time), .timed(let own), .timed(let regular)):
            // Clocks are compared as if there were no clock changes.
            guard let ownWall = Zones.wallTime(of: own.span.start, in: time.zone),
                let before = Zones.instant(of: regular.start, in: .utc),
                let after = Zones.instant(of: ownWall, in: .utc), let place = Zones.instant(of: time.start, in: .utc),
                let start = Zones.wallTime(of: place.advanced(by: after.since(before)), in: .utc),
                let begin = Zones.instant(of: start, in: time.zone)
            else { return nil }
            let span = TimeSpan(start: begin, end: begin.advanced(by: own.span.duration))
            return Zones.wallTime(of: span.end, in: time.zone).map {
                .timed(TimedSpan(start: start, end: $0, zone: time.zone, span: span))
            }
        default: return own
        }
    }

    private mutating func take(_ event: FileEvent, at time: MeetingTime, for original: WallTime, of series: Series) {
        guard let regular = series.regularTime(of: original) else { return }
        let occurrence = event.content.occurrence(of: result.meeting, at: time)
        let change = result.meeting.change(to: occurrence, at: regular)
        edit { $0.set(change.isEmpty ? .asRule : .changed(change), of: original) }
        let leftOut = event.content.leftOut(of: result.meeting)
        if !leftOut.isEmpty {
            result.remarks.append(
                "Changed occurrences have \(leftOut.joined(separator: " and ")) of their own; left out.")
        }
    }

    /// The occurrence that a RECURRENCE-ID means. Programs write it in the series' zone, in UTC, without a zone, and as
    /// a mere date.
    private func original(_ time: FileTime, in series: Series) -> WallTime {
        let exact = wall(of: time, in: series)
        if series.has(exact) { return exact }
        if case .date(let date) = time, let ofDay = series.originals(from: date, through: date).first { return ofDay }
        return series.has(time.ownWall) ? time.ownWall : exact
    }

    private func wall(of time: FileTime, in series: Series) -> WallTime {
        let wall = time.isDate ? time.ownWall : time.wall(in: series.zone)
        return series.meeting.time.isAllDay ? WallTime(date: time.ownWall.date, hour: 0, minute: 0) : wall
    }

    func finished() -> ImportedMeeting {
        var result = result
        result.remarks = result.remarks.inOrderOnce
        return result
    }
}
