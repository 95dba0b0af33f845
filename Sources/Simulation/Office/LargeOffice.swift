import CalendarModel
import CalendarTime
import LoopBooking
import SQLStore
import SyncEngine

/// A company of many rooms whose links are settled, with very many meetings on both sides: to measure what pages cost.
/// Everything is written as the product itself writes it.
package struct LargeOffice: Sendable {
    package static let organization: OrganizationID = "large"
    static let connection: ConnectionID = "large-connection"
    static let zone = ZoneID("Europe/Oslo")

    package var rooms: Int
    /// Meetings of all rooms together.
    package var meetings: Int
    package var now: Instant

    package init(rooms: Int, meetings: Int, now: Instant) {
        self.rooms = rooms
        self.meetings = meetings
        self.now = now
    }

    /// Writes the office into an empty database.
    /// - Parameter progress: told after each room.
    package func write(to store: Store, progress: @Sendable (Int) -> Void) async throws {
        try await store.migrate(now: now)
        try await store.addOrganization(Organization(id: Self.organization, name: "A large office"), now: now)
        try await store.addConnection(
            ConnectionRecord(
                id: Self.connection, organization: Self.organization, name: "Microsoft 365", kind: "microsoft",
                settings: Self.settings, createdAt: now), secrets: [:])
        for number in 0..<rooms {
            try await write(room: number, to: store)
            progress(number + 1)
        }
        try await fillDesk(of: store)
    }

    /// Nobody is called: the links are not due before the measuring is over.
    private static let settings = """
        {"tenant":"large.example","clientID":"large","signIn":"browser","loginURL":"https://login.large.example",\
        "graphURL":"https://graph.large.example/v1.0","allowsInternalAddresses":false}
        """

    private func write(room number: Int, to store: Store) async throws {
        let name = "Room \(number + 1)"
        let link = Link(
            id: LinkID("link-\(number)"), organization: Self.organization, connection: Self.connection,
            room: RoomID("room-\(number)"), roomName: name, roomZone: Self.zone,
            resourceAddress: "room-\(number + 1)-ext@large.example", resourceName: "\(name)-ext")
        let room = Room(
            id: link.room, organization: Self.organization, name: name, capacity: 4 + number % 20,
            location: "Building \(number / 25 + 1)", zone: Self.zone)
        let held = bookings(of: link, number: number)
        try await store.bookings(of: Self.organization).write { [now] transaction in
            try transaction.insert(room, at: now)
            for booking in held {
                let span = booking.meeting.span
                try transaction.insert(booking, holding: Holding(reach: span, slots: [span]), key: nil)
                try transaction.append(
                    BookingChangeRecord(
                        position: 0, organization: Self.organization, booking: booking.id, room: room.id,
                        kind: .created,
                        revision: 1, span: span, fields: Set(MeetingField.allCases), author: .person("Anna Berg"),
                        at: booking.createdAt, reason: nil))
            }
        }
        // A year: for as long as anybody may look at the pages.
        try await store.addLink(link, blindAfter: .seconds(365 * 86_400), now: now)
        try await settle(link, held, in: store)
    }

    private func bookings(of link: Link, number: Int) -> [Booking] {
        let share = meetings / max(rooms, 1)
        // Eight a working day, half in the past and half to come.
        let today = Zones.date(of: now, in: Self.zone) ?? CivilDate(year: 2026, month: 1, day: 1)
        return (0..<share).compactMap { index in
            let day = Zones.date(today, addingDays: index / 8 - share / 16)
            let start = WallTime(date: day, hour: 8 + index % 8, minute: 0)
            let end = WallTime(date: day, hour: 8 + index % 8, minute: 45)
            guard let time = try? Zones.timed(start: start, end: end, zone: Self.zone) else { return nil }
            let person = Person(name: "Person \(index % 97)", address: "person\(index % 97)@large.example")
            return Booking(
                id: BookingID("b\(number)-\(index)"), organization: Self.organization, room: link.room,
                meeting: Meeting(
                    time: .timed(time), subject: "Meeting \(index) of \(link.roomName)", body: "", organizer: person,
                    location: link.roomName),
                createdAt: now, updatedAt: now, slotTakenAt: now)
        }
    }

    static func report(of link: LinkID, at instant: Instant) -> PassReport {
        var report = PassReport(link: link, startedAt: instant)
        report.finishedAt = instant
        report.read = true
        report.reader = .delta
        return report
    }

    /// What crossed in the last week: something each way in every working hour.
    private func crossings() -> [PassReport.Step] {
        (0..<(7 * 8)).flatMap { index in
            Side.allCases.map { side in
                let changed = now.advanced(by: .seconds(-(index / 8) * 86_400 - (index % 8) * 3600))
                return PassReport.Step(
                    action: "event.update", sentence: "Changed.",
                    latency: PassReport.Latency(
                        toward: side, changedAt: changed, stoodAt: changed.advanced(by: .seconds(1 + index % 9))))
            }
        }
    }

    private func settle(_ link: Link, _ bookings: [Booking], in store: Store) async throws {
        let pass = try await store.sync.begin(link.id)
        var effects: [Effect] = []
        for booking in bookings {
            let event = Event(
                id: EventID("e-\(booking.id)"), version: Version("1"), uid: "uid-\(booking.id)",
                meeting: booking.meeting,
                role: .organizer, response: .organizer, createdAt: now, modifiedAt: now)
            effects.append(.observe(ObservedEvent(event: event, slotTakenAt: now)))
            effects.append(
                .pair(
                    Pairing(
                        id: PairingID("p-\(booking.id)"), link: link.id, booking: booking.id, event: event.id,
                        uid: event.uid, origin: .loopBooking, bookingBase: booking.meeting, eventBase: booking.meeting,
                        bookingRevision: 1, eventVersion: event.version, roomResponse: .organizer)))
            effects.append(
                .tell(
                    HistoryEntry(
                        link: link.id, booking: booking.id, event: event.id, at: now, action: "event.create",
                        sentence: "Written into the calendar.")))
        }
        try await pass.apply(effects, for: link.id, at: now)
        let window = TimeSpan(start: now.advanced(by: .seconds(-86_400)), end: now.advanced(by: .seconds(400 * 86_400)))
        try await pass.record(
            RecordedReading(
                observed: [], gone: [], cursor: Cursor(value: "1", window: window, reader: .delta), at: now),
            for: link.id)
        try await pass.finish(Self.report(of: link.id, at: now.advanced(by: .seconds(-8 * 86_400))))
        var report = Self.report(of: link.id, at: now)
        report.steps = crossings()
        try await pass.finish(report)
        // The newest pass had nothing to do, as most have.
        try await pass.finish(Self.report(of: link.id, at: now))
        if let due = try await store.claim(link.id, owner: "office", lease: .seconds(60), now: now) {
            try await store.release(
                due, owner: "office", next: now.advanced(by: .seconds(365 * 86_400)), failures: 0)
        }
    }
}
