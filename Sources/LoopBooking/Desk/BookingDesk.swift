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

    package func bookings(_ query: BookingQuery) async throws -> [Booking] {
        try await store.read { reading in
            if let room = query.room { _ = try existing(room, in: reading) }
            return try reading.bookings(query)
        }
    }

    package func changes(after position: Int64, limit: Int) async throws -> [BookingChangeRecord] {
        try await store.read { try $0.changes(after: position, limit: limit) }
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
            let (room, time) = try checked(draft, in: transaction, now: now)
            try requireFree(room.id, during: time.span, except: nil, in: transaction)
            let (status, reason) = try promise(of: room.id, in: transaction, now: now)
            let booking = Booking(
                id: id, organization: organization, room: room.id, meeting: draft.meeting(at: time), status: status,
                reason: reason, origin: .loopBooking, createdAt: now, updatedAt: now, slotTakenAt: now)
            try transaction.insert(booking, key: nil)
            try transaction.append(
                record(.created, of: booking, fields: Set(MeetingField.allCases), by: author, reason: reason))
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
            guard old.status.holdsRoom else { throw DeskError.closed(old.status) }
            guard let room = try transaction.room(old.room) else { throw DeskError.noSuchRoom(old.room) }
            var new = old
            new.meeting = change.applied(to: old.meeting)
            new.meeting.time = try checkedTime(change, of: old, in: room, now: now)
            let fields = MeetingRevision.fields(from: old.meeting, to: new.meeting)
            guard !fields.isEmpty else { return old }
            if new.status == .confirmed { new.reason = nil }
            if !old.meeting.time.sameTime(as: new.meeting.time) {
                try requireFree(room.id, during: new.meeting.span, except: id, in: transaction)
                let (status, reason) = try promise(of: room.id, in: transaction, now: now)
                if status == .pending { (new.status, new.reason) = (status, reason) }
                new.slotTakenAt = now
            }
            return try rewrite(old, to: &new, fields: fields, by: author, reason: nil, now: now, in: transaction)
        }
    }

    /// Gives the slot back. The booking is kept as cancelled; cancelling it again changes nothing.
    package func cancel(
        _ id: BookingID, ifRevision revision: Int64? = nil, by author: ChangeAuthor, reason: String? = nil
    ) async throws -> Booking {
        let now = now()
        if let reason {
            let violations = TextRules.line(reason, field: "reason", longest: TextRules.longestName)
            guard violations.isEmpty else { throw DeskError.rulesBroken(violations) }
        }
        return try await store.write { transaction in
            let old = try existing(id, ifRevision: revision, in: transaction)
            guard old.status != .cancelled else { return old }
            var new = old
            new.status = .cancelled
            new.reason = reason
            return try rewrite(old, to: &new, fields: [], by: author, reason: reason, now: now, in: transaction)
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

    func requireFree(
        _ room: RoomID, during span: TimeSpan, except: BookingID?, in reading: any BookingReading
    ) throws {
        guard let holder = try reading.holder(of: room, during: span, except: except) else { return }
        throw DeskError.slotTaken(by: holder.id, during: holder.meeting.span)
    }

    /// Stores the new state of a booking as its next revision, with its entry in the change feed.
    func rewrite(
        _ old: Booking, to new: inout Booking, fields: Set<MeetingField>, by author: ChangeAuthor, reason: String?,
        now: Instant, in transaction: any BookingTransaction
    ) throws -> Booking {
        new.revision = old.revision + 1
        new.updatedAt = now
        try transaction.update(new)
        let kind = MeetingRevision.kind(from: old.status, to: new.status, fields: fields)
        try transaction.append(record(kind, of: new, fields: fields, by: author, reason: reason ?? new.reason))
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

    func promise(
        of room: RoomID, in reading: any BookingReading, now: Instant
    ) throws -> (Booking.Status, String?) {
        switch try reading.certainty(of: room, at: now) {
        case .certain: (.confirmed, nil)
        case .hold(let reason): (.pending, reason)
        case .refuse(let reason): throw DeskError.notCertain(reason)
        }
    }

    /// All rules for a new booking at once, also when the room does not exist.
    private func checked(
        _ draft: BookingDraft, in reading: any BookingReading, now: Instant
    ) throws -> (Room, MeetingTime) {
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
        if let room, let time = time.value { violations += TimeRules.violations(of: time, in: room, now: now) }
        guard violations.isEmpty, let room, let time = time.value else { throw DeskError.rulesBroken(violations) }
        return (room, time)
    }

    /// All rules for a change at once; returns the time that the booking is to have.
    private func checkedTime(
        _ change: BookingChange, of booking: Booking, in room: Room, now: Instant
    ) throws -> MeetingTime {
        var violations = MeetingRules.violations(of: change)
        if let other = change.room, other != booking.room {
            violations.append(
                RuleViolation(
                    code: "room-fixed", field: "room",
                    message: "A booking stays in its room. Cancel it and book the other room."))
        }
        var time = booking.meeting.time
        if let wanted = change.time, !wanted.isEmpty {
            let draft = wanted.applied(to: TimeDraft(time))
            violations += draft.violations
            if let draft = draft.value {
                let resolved = TimeRules.resolve(draft, roomZone: room.zone)
                violations += resolved.violations
                if let resolved = resolved.value {
                    if !resolved.sameTime(as: time) {
                        violations += TimeRules.violations(of: resolved, previous: time, in: room, now: now)
                    }
                    time = resolved
                }
            }
        }
        guard violations.isEmpty else { throw DeskError.rulesBroken(violations) }
        return time
    }
}
