import CalendarModel
import CalendarTime
import SyncEngine

/// What a pass would do, without doing it: everything that would be created, changed and refused, on both sides.
package enum LinkPreview {
    /// Reads the whole window and plans. Writes nothing anywhere.
    /// - Throws: ``ConnectorError`` when the calendar cannot be read, ``BookingError`` when the bookings cannot.
    package static func plan(
        _ link: Link, memory: LinkMemory?, connector: any CalendarConnector, bookings: any BookingSystem,
        settings: PassSettings, now: Instant
    ) async throws -> Plan {
        Planner.plan(
            try await state(
                link, memory: memory, connector: connector, bookings: bookings, settings: settings, now: now))
    }

    /// Both sides as they stand now.
    static func state(
        _ link: Link, memory: LinkMemory?, connector: any CalendarConnector, bookings: any BookingSystem,
        settings: PassSettings, now: Instant
    ) async throws -> LinkState {
        let window = PassWindow(zone: link.roomZone, settings: settings).wanted(at: now)
        let reading = try await connector.readChanges(of: link.resourceAddress, since: nil, window: window)
        var events: [EventID: ObservedEvent] = [:]
        for event in reading.changed {
            let kept = Privacy.redacted(event, policy: link.policy.content)
            events[event.id] = ObservedEvent.updating(memory?.events[event.id], with: kept, at: now)
        }
        let pairings = memory.map { $0.pairings.values.sorted { $0.id < $1.id } } ?? []
        let sliced = SlicedBookings(base: bookings, roomZone: link.roomZone, expresses: { connector.expresses($0) })
        let slotsEnd = max(try await sliced.slotsEnd(of: link.room), window.end)
        let reach = TimeSpan(start: window.start, end: slotsEnd)
        let known = try await sliced.bookings(in: link.room, window: reach, known: Set(pairings.map(\.booking)))
        return LinkState(
            link: link, pairings: pairings,
            bookings: Dictionary(known.map { ($0.id, $0) }, uniquingKeysWith: { $1 }), events: events,
            window: window, slotsEnd: slotsEnd, now: now, proposesNewTimes: connector.capabilities.proposesNewTimes,
            rulings: memory?.rulings ?? [], expresses: { connector.expresses($0) })
    }
}

/// The span of time in which meetings are kept in sync.
package struct PassWindow {
    let zone: ZoneID
    let settings: PassSettings

    /// From yesterday to the horizon, in whole days of the room's zone.
    func wanted(at now: Instant) -> TimeSpan {
        TimeSpan(start: start(-settings.daysBehind, at: now), end: start(settings.daysAhead, at: now))
    }

    /// Whether a window that was read before still serves.
    func serves(_ window: TimeSpan, at now: Instant) -> Bool {
        window.start >= start(-settings.daysBehind - settings.slideAfterDays, at: now) && window.end > now
    }

    private func start(_ days: Int, at now: Instant) -> Instant {
        guard let today = Zones.date(of: now, in: zone) else { return now }
        return Zones.startOfDay(Zones.date(today, addingDays: days), in: zone) ?? now
    }
}
