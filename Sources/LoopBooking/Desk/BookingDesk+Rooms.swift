import CalendarModel
import CalendarTime

extension BookingDesk {
    package func room(_ id: RoomID) async throws -> Room {
        try await store.read { try existing(id, in: $0) }
    }

    /// By name, those after `name`.
    package func rooms(after name: String? = nil, limit: Int) async throws -> [Room] {
        try await store.read { try $0.rooms(after: name, limit: limit) }
    }

    package func addRoom(_ draft: RoomDraft, request: RequestKey? = nil) async throws -> Made<Room> {
        let now = now()
        let id = RoomID(newID())
        return try await store.write { transaction in
            if let earlier = try earlierAnswer(to: request, as: Room.self, in: transaction) { return earlier }
            let room = try checked(draft, id: id, revision: 1)
            try transaction.insert(room, at: now)
            if let request { try transaction.remember(room, answering: request, at: now) }
            return Made(entity: room, isReplay: false)
        }
    }

    /// Changes a room. New rules hold for bookings made from now on; bookings that stand stay.
    package func changeRoom(
        _ id: RoomID, _ change: RoomChange, ifRevision revision: Int64? = nil
    ) async throws -> Room {
        let now = now()
        return try await store.write { transaction in
            let old = try existing(id, in: transaction)
            if let revision, revision != old.revision { throw DeskError.changed(revision: old.revision) }
            var new = try checked(change.applied(to: RoomDraft(old)), id: id, revision: old.revision)
            guard new != old else { return old }
            if new.zone != old.zone { try requireNoAllDayBookings(in: id, now: now, transaction) }
            new.revision += 1
            try transaction.update(new, at: now)
            // It may be booked further ahead now.
            try roll(new, now: now, in: transaction)
            return new
        }
    }

    /// Takes a room away. Its past bookings stay; with bookings to come or a link it cannot be removed.
    package func removeRoom(_ id: RoomID, ifRevision revision: Int64? = nil) async throws {
        let now = now()
        try await store.write { transaction in
            let room = try existing(id, in: transaction)
            if let revision, revision != room.revision { throw DeskError.changed(revision: room.revision) }
            if let use = try transaction.useOutsideLoopBooking(of: id) { throw DeskError.roomInUse(use) }
            guard try transaction.upcoming(in: id, after: now, limit: 1).isEmpty else {
                throw DeskError.roomInUse("It has bookings that are not over. Cancel them first.")
            }
            try transaction.remove(id, at: now)
        }
    }

    /// When a room is taken and when it is free, during `span`.
    package func availability(of id: RoomID, during span: TimeSpan) async throws -> Availability {
        try await store.read { reading in
            let room = try existing(id, in: reading)
            let taken = try reading.slots(in: id, during: span).map(\.span)
            return Availability(
                room: room, taken: taken, free: OpeningTimes.free(in: room, during: span, taken: taken))
        }
    }

    private func checked(_ draft: RoomDraft, id: RoomID, revision: Int64) throws -> Room {
        let violations = RoomRules.violations(of: draft)
        guard violations.isEmpty, let zone = Zones.known(draft.zone) else { throw DeskError.rulesBroken(violations) }
        return Room(
            id: id, organization: organization, name: canonicalLine(draft.name), capacity: draft.capacity,
            location: draft.location, zone: zone, openingHours: draft.openingHours, rules: draft.rules,
            revision: revision)
    }

    /// All-day bookings float with the room: in another zone they would hold other hours than were checked.
    private func requireNoAllDayBookings(
        in room: RoomID, now: Instant, _ reading: any BookingReading
    ) throws {
        guard try reading.upcoming(in: room, after: now, limit: .max).contains(where: Self.hasWholeDays) else {
            return
        }
        throw DeskError.roomInUse(
            "It has all-day bookings that are not over, and their hours depend on its time zone. Cancel them first.")
    }

    private static func hasWholeDays(_ booking: Booking) -> Bool {
        let exceptions = booking.meeting.recurrence?.exceptions.values.compactMap(\.time) ?? []
        return ([booking.meeting.time] + exceptions).contains(where: \.isAllDay)
    }
}

/// When a room is taken and when it is free.
package struct Availability: Hashable, Sendable {
    package var room: Room
    package var taken: [TimeSpan]
    /// Open and not taken.
    package var free: [TimeSpan]
}
