import CalendarModel
import LoopBooking
import SQLStore
import SyncEngine

/// What people do about rooms that stay blocked for those who left: look, hand a booking to somebody else, cancel it.
package struct LeaverDesk: Sendable {
    package struct Held: Sendable, Hashable {
        package var booking: Booking
        package var room: RoomName
        package var title: String
        package var isPrivate: Bool
        /// A meeting that was made in the calendar belongs to its organizer there; it can only be cancelled.
        package var canBeHandedOver: Bool
    }

    package struct Leaver: Sendable, Hashable {
        package var person: Person
        package var presence: Presence
        package var bookings: [Held]
    }

    package struct Answer: Sendable {
        package var askedAt: Instant
        package var people: [Leaver]
        package var asked: Int
        package var unknown: Int
        package var obstacles: [Diagnosis]
    }

    /// What became of the bookings that something was to be done with.
    package struct Outcome: Sendable, Hashable {
        package var done: [BookingID] = []
        package var refused: [BookingID: DeskError] = [:]
    }

    private let organization: OrganizationID
    private let store: Store
    private let desk: BookingDesk
    private let connectors: any ConnectorSource
    private let now: @Sendable () -> Instant

    package init(
        organization: OrganizationID, store: Store, desk: BookingDesk, connectors: any ConnectorSource,
        now: @escaping @Sendable () -> Instant
    ) {
        self.organization = organization
        self.store = store
        self.desk = desk
        self.connectors = connectors
        self.now = now
    }

    /// Asks the directories, and keeps what they answered. Takes seconds.
    package func look() async throws -> Answer {
        let report = try await Leavers(store: store, connectors: connectors, now: now).find(in: organization)
        let kept = KeptLeavers(
            askedAt: report.askedAt,
            people: report.people.map {
                KeptLeavers.Leaver(person: $0.person, presence: $0.presence, bookings: $0.bookings.map(\.id))
            }, asked: report.asked, unknown: report.unknown, obstacles: report.obstacles)
        try await store.keep(kept, of: organization)
        return try await answer(kept)
    }

    /// What was found last, without what was settled since; nil when nobody looked yet.
    package func last() async throws -> Answer? {
        guard let kept = try await store.leavers(of: organization) else { return nil }
        return try await answer(kept)
    }

    private func answer(_ kept: KeptLeavers) async throws -> Answer {
        let names = try await store.roomNames(of: organization)
        let rooms = Dictionary(names.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        let now = now()
        var people: [Leaver] = []
        for leaver in kept.people {
            let held = try await store.bookings(leaver.bookings, of: organization).compactMap { booking -> Held? in
                guard booking.status.holdsRoom, let room = rooms[booking.room],
                    booking.meeting.organizer?.address.lowercased() == leaver.person.address.lowercased(),
                    booking.meeting.recurrence != nil || booking.meeting.span.end > now
                else { return nil }
                return Held(
                    booking: booking, room: room, title: Privacy.title(of: booking.meeting, policy: room.content),
                    isPrivate: booking.meeting.sensitivity.hidesContent && room.content == .everything,
                    canBeHandedOver: booking.origin == .loopBooking)
            }
            if !held.isEmpty {
                people.append(Leaver(person: leaver.person, presence: leaver.presence, bookings: held))
            }
        }
        return Answer(
            askedAt: kept.askedAt, people: people, asked: kept.asked, unknown: kept.unknown,
            obstacles: kept.obstacles)
    }

    /// Gives bookings of somebody who left another organizer.
    package func handOver(
        _ ids: [BookingID], of address: String, to person: Person, by author: ChangeAuthor
    ) async throws -> Outcome {
        try await act(on: ids, of: address, onlyOurs: true) { booking in
            _ = try await desk.change(
                booking.id, BookingChange(organizer: .value(person)), ifRevision: booking.revision, by: author)
        }
    }

    package func cancel(
        _ ids: [BookingID], of address: String, by author: ChangeAuthor, reason: String?
    ) async throws -> Outcome {
        try await act(on: ids, of: address, onlyOurs: false) { booking in
            _ = try await desk.cancel(booking.id, ifRevision: booking.revision, by: author, reason: reason)
        }
    }

    /// Only what is still known to be held by that person is touched.
    private func act(
        on ids: [BookingID], of address: String, onlyOurs: Bool, _ body: (Booking) async throws -> Void
    ) async throws -> Outcome {
        let held = try await last()?.people.first { $0.person.address.lowercased() == address.lowercased() }
        var outcome = Outcome()
        for item in held?.bookings ?? [] where ids.contains(item.booking.id) {
            guard !onlyOurs || item.canBeHandedOver else { continue }
            do {
                try await body(item.booking)
                outcome.done.append(item.booking.id)
            } catch let error as DeskError { outcome.refused[item.booking.id] = error }
        }
        return outcome
    }
}
