import CalendarModel

/// Where one organization's rooms are booked: applies the rules, keeps every slot to one booking, and writes the change
/// feed. Each call is one transaction.
package struct BookingDesk: Sendable {
    package let organization: OrganizationID
    let store: any BookingStore
    let now: @Sendable () -> Instant
    let newID: @Sendable () -> String

    /// - Parameters:
    ///   - store: where `organization`'s rooms and bookings are kept.
    ///   - newID: a new unique id with each call.
    package init(
        organization: OrganizationID, store: any BookingStore, now: @escaping @Sendable () -> Instant,
        newID: @escaping @Sendable () -> String
    ) {
        self.organization = organization
        self.store = store
        self.now = now
        self.newID = newID
    }

    /// What a request made, and whether it had been made by an earlier request with the same key.
    package struct Made<Entity: Sendable>: Sendable {
        package var entity: Entity
        package var isReplay: Bool
    }

    // MARK: Reading

    package func booking(_ id: BookingID) async throws -> Booking {
        try await store.read { try existing(id, in: $0) }
    }

    package func changes(after position: Int64, limit: Int) async throws -> [BookingChangeRecord] {
        try await store.read { try $0.changes(after: position, limit: limit) }
    }

    /// Rooms by their ids; those that are not there, or no more, are left out.
    package func rooms(_ ids: [RoomID]) async throws -> [RoomID: Room] {
        try await store.read { reading in
            var rooms: [RoomID: Room] = [:]
            for id in ids { rooms[id] = try reading.room(id) }
            return rooms
        }
    }

    package func changes(of booking: BookingID) async throws -> [BookingChangeRecord] {
        try await store.read { reading in
            _ = try existing(booking, in: reading)
            return try reading.changes(of: booking)
        }
    }

    // MARK: Booking

    /// Books a room. Breaks no rule, or throws all that it breaks.
    package func create(
        _ draft: BookingDraft, by author: ChangeAuthor, request: RequestKey? = nil
    ) async throws -> Made<Booking> {
        let now = now()
        let id = BookingID(newID())
        return try await store.write { transaction in
            if let earlier = try earlierAnswer(to: request, as: Booking.self, in: transaction) { return earlier }
            let (room, meeting) = try checked(draft, in: transaction, now: now)
            var booking = Booking(
                id: id, organization: organization, room: room.id, meeting: meeting, origin: .loopBooking,
                createdAt: now, updatedAt: now, slotTakenAt: now)
            let (holding, _) = try claim(&booking, in: room, onTaken: draft.onTaken, now: now, in: transaction)
            try promise(&booking, in: transaction, now: now)
            try insert(booking, holding: holding, by: author, transaction)
            if let request { try transaction.remember(booking, answering: request, at: now) }
            return Made(entity: booking, isReplay: false)
        }
    }

    /// Changes a booking. A change that changes nothing leaves the revision as it is.
    package func change(
        _ id: BookingID, _ change: BookingChange, ifRevision revision: Int64? = nil, by author: ChangeAuthor
    ) async throws -> Booking {
        let now = now()
        return try await store.write { transaction in
            let old = try existing(id, ifRevision: revision, in: transaction)
            let room = try openRoom(of: old, in: transaction)
            try requireSameRoom(change, old)
            let edit = MeetingEdit(room: room, now: now).apply(change, to: old.meeting)
            guard let result = edit.value else { throw DeskError.rulesBroken(edit.violations) }
            var new = old
            new.meeting = result.meeting
            return try store(
                &new, over: old, in: room, onTaken: change.onTaken, by: author,
                reason: Self.words(for: result.fellAway),
                now: now, transaction)
        }
    }

    /// Gives the slot back. The booking is kept as cancelled; cancelling it again changes nothing.
    package func cancel(
        _ id: BookingID, ifRevision revision: Int64? = nil, by author: ChangeAuthor, reason: String? = nil
    ) async throws -> Booking {
        let now = now()
        try requireGood(reason: reason)
        return try await store.write { transaction in
            let old = try existing(id, ifRevision: revision, in: transaction)
            guard old.status != .cancelled else { return old }
            var new = old
            new.status = .cancelled
            new.reason = reason
            return try rewrite(
                old, to: &new, holding: holding(of: new, in: transaction, now: now), fields: [], by: author,
                reason: reason, now: now, in: transaction)
        }
    }
}

extension BookingDesk {
    func existing(_ id: RoomID, in reading: any BookingReading) throws -> Room {
        guard let room = try reading.room(id) else { throw DeskError.noSuchRoom(id) }
        return room
    }

    func existing(
        _ id: BookingID, ifRevision revision: Int64? = nil, in reading: any BookingReading
    ) throws -> Booking {
        guard let booking = try reading.booking(id) else { throw DeskError.noSuchBooking(id) }
        if let revision, revision != booking.revision { throw DeskError.changed(revision: booking.revision) }
        return booking
    }

    /// The answer to an earlier request with the same key.
    func earlierAnswer<Entity: Codable & Sendable>(
        to request: RequestKey?, as type: Entity.Type, in reading: any BookingReading
    ) throws -> Made<Entity>? {
        guard let request, let earlier = try reading.answer(to: request, as: type) else { return nil }
        guard earlier.digest == request.digest else { throw DeskError.requestKeyReused }
        return Made(entity: earlier.entity, isReplay: true)
    }

    /// A new booking with its slots and its entry in the change feed.
    func insert(
        _ booking: Booking, holding: Holding, key: OperationKey? = nil, by author: ChangeAuthor, reason: String? = nil,
        _ transaction: any BookingTransaction
    ) throws {
        try transaction.insert(booking, holding: holding, key: key)
        let all = Set(MeetingField.allCases)
        try transaction.append(
            record(.created, of: booking, fields: all, by: author, reason: reason ?? booking.explanation))
    }

    /// A person's change, with the slots it takes. One that changes nothing leaves the revision as it is.
    func store(
        _ new: inout Booking, over old: Booking, in room: Room, onTaken: OnTaken, by author: ChangeAuthor,
        reason: String?, now: Instant, _ transaction: any BookingTransaction
    ) throws -> Booking {
        guard new.meeting != old.meeting else { return old }
        if new.status == .confirmed, !MeetingRevision.isAboutOccurrences(from: old.meeting, to: new.meeting) {
            new.reason = nil
        }
        let (holding, takesMore) = try claim(&new, in: room, onTaken: onTaken, now: now, in: transaction)
        try promise(&new, over: old, takesMore: takesMore, in: transaction, now: now)
        if MeetingRevision.takesSlotsAnew(from: old.meeting, to: new.meeting, takesMore: takesMore) {
            new.slotTakenAt = now
        }
        let fields = MeetingRevision.fields(from: old.meeting, to: new.meeting)
        guard !fields.isEmpty else { return old }
        let told = [reason ?? new.reason, SeriesWords.leftOut(new.leftOut.subtracting(old.leftOut))]
        return try rewrite(
            old, to: &new, holding: holding, fields: fields, by: author, reason: Booking.inOneText(told), now: now,
            in: transaction)
    }

    /// The room of a booking that can still be changed.
    func openRoom(of booking: Booking, in reading: any BookingReading) throws -> Room {
        guard booking.status.holdsRoom else { throw DeskError.closed(booking.status) }
        return try existing(booking.room, in: reading)
    }

    /// What a booking holds when nobody is asked: of one that gives its slots back.
    func holding(of booking: Booking, in reading: any BookingReading, now: Instant) throws -> Holding {
        guard let room = try reading.room(booking.room) else {
            // Only what is over outlives its room.
            return Holding(reach: booking.meeting.span)
        }
        return Holding(of: booking, in: room, now: now)
    }

    /// Stores the new state of a booking as its next revision, with its entry in the change feed.
    func rewrite(
        _ old: Booking, to new: inout Booking, holding: Holding, fields: Set<MeetingField>, by author: ChangeAuthor,
        reason: String?, now: Instant, in transaction: any BookingTransaction
    ) throws -> Booking {
        new.revision = old.revision + 1
        new.updatedAt = now
        new.forgetWhatIsNotLeftOut()
        try transaction.update(new, holding: holding)
        let kind = MeetingRevision.kind(from: old.status, to: new.status, fields: fields)
        var entry = record(kind, of: new, fields: fields, by: author, reason: reason ?? new.reason)
        entry.occurrences = MeetingRevision.notes(from: old.meeting, to: new.meeting)
        try transaction.append(entry)
        return new
    }

    func record(
        _ kind: BookingChangeRecord.Kind, of booking: Booking, fields: Set<MeetingField>, by author: ChangeAuthor,
        reason: String?
    ) -> BookingChangeRecord {
        BookingChangeRecord(
            position: 0, organization: organization, booking: booking.id, room: booking.room, kind: kind,
            revision: booking.revision, span: booking.meeting.span, fields: fields, author: author,
            at: booking.updatedAt, reason: reason)
    }

    /// Lets a booking stand, or holds it with the reason.
    /// - Parameters:
    ///   - old: what it was before; nil when it is new.
    ///   - takesMore: whether it takes slots that it did not have.
    func promise(
        _ booking: inout Booking, over old: Booking? = nil, takesMore: Bool = true, in reading: any BookingReading,
        now: Instant
    ) throws {
        let held: String
        switch try reading.certainty(of: booking.room, at: now) {
        case .certain: return
        case .asksRoom(let reason):
            // A meeting made in the calendar has the room's answer, or needs none. Of a series the room is asked as a
            // whole, not about an occurrence that is moved.
            guard booking.origin == .loopBooking,
                old.map({ MeetingRevision.isAtOtherTimes(from: $0.meeting, to: booking.meeting) }) ?? true
            else { return }
            held = reason
        case .hold(let reason):
            guard takesMore else { return }
            held = reason
        case .refuse(let reason):
            guard takesMore else { return }
            throw DeskError.notCertain(reason)
        }
        booking.status = .pending
        booking.reason = held
    }

    func requireGood(reason: String?) throws {
        guard let reason else { return }
        let violations = TextRules.line(reason, field: "reason", longest: TextRules.longestName)
        guard violations.isEmpty else { throw DeskError.rulesBroken(violations) }
    }

    func requireSameRoom(_ change: BookingChange, _ booking: Booking) throws {
        guard let other = change.room, other != booking.room else { return }
        throw DeskError.rulesBroken([
            RuleViolation(
                code: "room-fixed", field: "room",
                message: "A booking stays in its room. Cancel it and book the other room.")
        ])
    }

    /// All rules for a new booking at once, also when the room does not exist.
    private func checked(
        _ draft: BookingDraft, in reading: any BookingReading, now: Instant
    ) throws -> (Room, Meeting) {
        var violations = MeetingRules.violations(of: draft)
        let room = try reading.room(draft.room)
        if room == nil {
            violations.append(
                RuleViolation(
                    code: "no-such-room", field: "room", message: "There is no room \(draft.room.rawValue.prefix(64)).")
            )
        }
        let time = TimeRules.resolve(draft.time, roomZone: room?.zone ?? .utc)
        violations += time.violations
        guard let room, let time = time.value else { throw DeskError.rulesBroken(violations) }
        let made = MeetingEdit(room: room, now: now).make(draft.meeting(at: time), recurrence: draft.recurrence)
        violations += made.violations
        guard violations.isEmpty, let result = made.value else { throw DeskError.rulesBroken(violations) }
        return (room, result.meeting)
    }

    /// Tells of changed occurrences that a new rule has no place for.
    static func words(for fellAway: [WallTime]) -> String? {
        guard !fellAway.isEmpty else { return nil }
        return "Single changes fell away, because the series has no such occurrence any more: "
            + "\(SeriesWords.dates(fellAway.map(\.date)))."
    }
}
