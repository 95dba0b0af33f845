import CalendarModel
import CalendarTime
import ICalendar

/// An event as it was read as a whole, with what writing to it needs beyond what the port shows.
struct ReadEvent: Sendable {
    var event: Event
    /// The ids of the occurrences that differ from the series, by original start.
    var exceptions: [WallTime: EventID] = [:]
    /// What an interrupted write of ours still wants of the series.
    var journal: SeriesJournal?

    /// By what Exchange could put it anew; nil for a single event.
    func form(roomZone: ZoneID) -> SeriesForm? {
        guard let recurrence = event.meeting.recurrence else { return nil }
        return try? SeriesForm(event.meeting, recurrence, roomZone: roomZone)
    }
}

extension EventReader {
    /// What is asked for when an event is read as a whole.
    static let selection = [
        "id", "changeKey", "iCalUId", "type", "seriesMasterId", "subject", "body", "start", "end", "isAllDay",
        "isCancelled", "isOrganizer", "organizer", "attendees", "responseStatus", "sensitivity", "showAs", "location",
        "originalStartTimeZone", "createdDateTime", "lastModifiedDateTime", "recurrence", "cancelledOccurrences",
    ].joined(separator: ",")

    static let wholeQuery = WebText.query([
        ("$select", selection), ("$expand", "exceptionOccurrences,\(EventTags.expansion(of: EventTags.journal))"),
    ])

    /// An event read with ``wholeQuery``: a single one, or a series with all that differs from its rule.
    func whole(_ wire: GraphEvent) throws(Failure) -> ReadEvent {
        let journal = SeriesJournal(in: wire)
        guard wire.isMaster else { return ReadEvent(event: try event(wire), journal: journal) }
        guard let recurrence = wire.recurrence else { throw .badRecurrence("it is missing") }
        var master = try event(wire)
        let own = unnamedClock(of: wire, recurrence)
        if let own {
            master.meeting.time = try seriesTime(wire, at: own)
        } else {
            master.meeting.time = try seriesTime(wire, recurrence)
        }
        master.meeting.recurrence = Recurrence(rule: try RecurrenceReader.rule(recurrence))
        let known = Originals(master.meeting, named: own?.zone ?? zone(of: wire, recurrence), roomZone: roomZone)

        var result = ReadEvent(event: master, journal: journal)
        if let own { placeInstances(of: wire, in: own.zone, among: known, &result) }
        for item in wire.cancelledOccurrences ?? [] {
            if let original = known.original(ofCancelled: item) {
                result.event.meeting.recurrence?.set(.cancelled, of: original)
            }
        }
        for item in wire.exceptionOccurrences ?? [] {
            guard let original = known.original(of: item, startingAt: Self.instant(item.originalStart)) else {
                continue
            }
            result.exceptions[original] = EventID(item.id)
            guard let state = try state(of: item, in: master.meeting, originally: known.regularTime(of: original))
            else { continue }
            result.event.meeting.recurrence?.set(state, of: original)
        }
        return result
    }

    /// How an exception stands to its series. One that the organizer cancelled, or that the room declined, is taken
    /// out.
    private func state(
        of item: GraphEvent, in series: Meeting, originally regular: MeetingTime?
    ) throws(Failure) -> Recurrence.OccurrenceState? {
        guard let regular else { return nil }
        let occurrence = try event(item)
        if occurrence.isCancelled || occurrence.response == .declined { return .cancelled }
        let change = series.change(to: occurrence.meeting, at: regular)
        return change.isEmpty ? .asRule : .changed(change)
    }

    /// When the series starts, in its own zone. The pattern counts from the range's start date.
    private func seriesTime(_ wire: GraphEvent, _ recurrence: GraphRecurrence) throws(Failure) -> MeetingTime {
        guard let start = wire.start, let end = wire.end else { throw .noTimes }
        if wire.isAllDay == true { return try event(wire).meeting.time }
        do {
            let time = try timed(start, end, in: zone(of: wire, recurrence))
            guard case .timed(let timed) = time, let first = RecurrenceReader.startDate(recurrence),
                first != timed.start.date
            else { return time }
            let wall = WallTime(
                date: first, hour: timed.start.hour, minute: timed.start.minute, second: timed.start.second)
            guard let instant = Zones.instant(of: wall, in: timed.zone) else { return time }
            return .timed(
                try Zones.timed(
                    span: TimeSpan(start: instant, end: instant.advanced(by: timed.span.duration)), zone: timed.zone))
        } catch {
            throw .badTimes("\(error)")
        }
    }

    /// The zone in which a series keeps its wall time. Attendees' copies lack it, and zones made by hand have no name.
    private func zone(of wire: GraphEvent, _ recurrence: GraphRecurrence) -> ZoneID {
        zone(named: recurrence.range.recurrenceTimeZone) ?? zone(named: wire.originalStartTimeZone) ?? roomZone
    }
}

/// Finds the original start by which an occurrence is known.
struct Originals {
    let series: Series?
    /// In which Graph gives the dates of an all-day series.
    let zone: ZoneID

    init(_ master: Meeting, named zone: ZoneID, roomZone: ZoneID) {
        series = Series(master, roomZone: roomZone)
        self.zone = zone
    }

    func regularTime(of original: WallTime) -> MeetingTime? { series?.regularTime(of: original) }

    /// `OID.{master}.{yyyy-MM-dd}`: a series has one occurrence a day at most.
    func original(ofCancelled text: String) -> WallTime? {
        guard let dot = text.lastIndex(of: "."),
            let date = try? Timestamps.parseDate(String(text[text.index(after: dot)...]))
        else { return nil }
        return series?.originals(from: date, through: date).first
    }

    /// The nearest to when Graph says it was: an all-day series is told at the midnight of a zone that may not be
    /// known.
    func original(of item: GraphEvent, startingAt instant: Instant?) -> WallTime? {
        guard let series, let instant, let date = Zones.date(of: instant, in: zone) else { return nil }
        let near = series.originals(
            from: Zones.date(date, addingDays: -1), through: Zones.date(date, addingDays: 1))
        return near.min { distance($0, instant) < distance($1, instant) }
    }

    private func distance(_ original: WallTime, _ instant: Instant) -> Duration {
        guard let start = Zones.instant(of: original, in: zone) else { return .seconds(Int64.max) }
        return start < instant ? instant.since(start) : start.since(instant)
    }
}
