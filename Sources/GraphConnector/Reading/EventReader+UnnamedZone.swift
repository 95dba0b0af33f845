import CalendarModel
import CalendarTime

/// Series in a zone that Graph shows as `tzone://Microsoft/Custom`: Exchange knows its rules and does not tell them. What it
/// tells is when each occurrence is.
extension EventReader {
    /// Whether only its occurrences tell when a series takes place: its zone has no name, or one that nobody knows.
    func hidesItsZone(_ wire: GraphEvent) -> Bool {
        guard wire.isMaster, wire.isAllDay != true, let recurrence = wire.recurrence else { return false }
        return zone(named: recurrence.range.recurrenceTimeZone) == nil && zone(named: wire.originalStartTimeZone) == nil
    }

    /// The zone in which the series' occurrences have one time of day, and that time; nil where its zone has a name, or
    /// where no occurrences are known.
    func unnamedClock(of wire: GraphEvent, _ recurrence: GraphRecurrence) -> Zones.SharedClock? {
        guard !wire.instances.isEmpty, hidesItsZone(wire), let start = wire.start.flatMap({ try? instant($0) }),
            let date = RecurrenceReader.startDate(recurrence)
        else { return nil }
        return Zones.clock(
            sharedBy: wire.instances.compactMap(originalInstant), beginning: start, on: date, preferring: [roomZone])
    }

    /// When the series starts on a clock that was found for it.
    func seriesTime(_ wire: GraphEvent, at clock: Zones.SharedClock) throws(Failure) -> MeetingTime {
        guard let start = wire.start, let end = wire.end else { throw .noTimes }
        do {
            guard let first = Zones.instant(of: clock.start, in: clock.zone) else {
                throw TimeError.unknownZone(clock.zone.name)
            }
            let length = try instant(end).since(try instant(start))
            return .timed(
                try Zones.timed(span: TimeSpan(start: first, end: first.advanced(by: length)), zone: clock.zone))
        } catch {
            throw .badTimes("\(error)")
        }
    }

    /// Where no known zone changes its clocks as this one does, some occurrences are not where the found zone puts them:
    /// they are where Graph says, as if somebody had moved them.
    func placeInstances(of wire: GraphEvent, in zone: ZoneID, among known: Originals, _ result: inout ReadEvent) {
        for item in wire.instances where item.type == "occurrence" {
            guard let start = item.start, let end = item.end, let time = try? timed(start, end, in: zone),
                let original = known.original(of: item, startingAt: time.span.start),
                let regular = known.regularTime(of: original), !regular.sameTime(as: time)
            else { continue }
            result.exceptions[original] = EventID(item.id)
            result.event.meeting.recurrence?.set(.changed(OccurrenceChange(time: time)), of: original)
        }
    }

    /// When an occurrence was before anybody moved it.
    private func originalInstant(_ item: GraphEvent) -> Instant? {
        item.type == "occurrence" ? item.start.flatMap { try? instant($0) } : Self.instant(item.originalStart)
    }
}
