import CalendarModel
import CalendarTime
import LoopBooking
import SQLStore
import SyncEngine

/// One decision, or the taking back of one, on its way through its transaction.
struct ClashAct {
    var clash: Clash
    let link: Link
    let desk: BookingDesk
    let author: ChangeAuthor
    let now: Instant
    let transaction: ClashTransaction

    // MARK: Deciding

    mutating func decide(_ ruling: ClashDesk.Ruling) throws {
        var decision = Clash.Decision(kept: ruling.kept, by: author, at: now)
        clash.file.errands = []
        let room = try newRoom(ruling, into: &decision)
        let moved = try room.map { try content(of: ruling.kept.other, for: $0) }
        switch ruling.kept {
        case .a: try confirmLoss(room: room, in: &decision)
        case .b:
            try release(room: room, in: &decision)
            try reinstate(in: &decision)
        }
        try transact(decision.after, because: sentence(room: room))
        if let room, let moved {
            decision.booked = try booking(desk: moved, in: room)
        }
        clash.state = .decided
        clash.file.decision = decision
        clash.file.closing = nil
        try transaction.rule(
            ClashRuling(
                winner: try party(ruling.kept), loser: try party(ruling.kept.other), decidedAt: now), on: clash)
    }

    /// A keeps the room: B stays refused, and hears of its new room.
    private mutating func confirmLoss(room: Room?, in decision: inout Clash.Decision) throws {
        guard let room else { return }
        let reason = movedReason(to: room)
        if let booking = try transaction.booking(of: clash.note.loser, link: link.id) {
            let before = BookingStanding(booking, occurrence: clash.note.loser.occurrence)
            var after = before
            // Moved back to its old time it has that still; that one it gives up for the new room.
            if booking.status.holdsRoom, after.occurrence == nil { after.status = .cancelled }
            after.reason = reason
            decision.note(before, after)
        }
        if let lost = clash.file.lostEvent, lost.event.role == .organizer {
            clash.file.errands.append(Clash.Errand(event: lost.event.id, before: lost, reason: reason))
        }
    }

    /// A gives the room up.
    private func release(room: Room?, in decision: inout Clash.Decision) throws {
        let party = clash.note.winner
        guard let booking = try transaction.booking(of: party, link: link.id) else { throw ClashError.notInLoopBooking }
        let event = try party.event ?? transaction.pairing(of: party, link: link.id)?.event
        decision.releasedEvent = try transaction.observed(event, link: link.id)
        let before = BookingStanding(booking, occurrence: party.occurrence)
        var after = before
        after.reason = room.map(movedReason) ?? "\(author.words) gave \(link.roomName) to another meeting."
        if after.occurrence != nil {
            after.occurrenceIsCancelled = true
            after.occurrenceChange = nil
        } else {
            after.status = booking.origin == .loopBooking && room != nil ? .cancelled : .refused
        }
        decision.note(before, after)
    }

    /// B gets the room.
    private mutating func reinstate(in decision: inout Clash.Decision) throws {
        let party = clash.note.loser
        if let booking = try transaction.booking(of: party, link: link.id) {
            let before = BookingStanding(booking, occurrence: party.occurrence)
            var after = before
            after.status = .confirmed
            after.reason = nil
            if let occurrence = party.occurrence {
                after.occurrenceIsCancelled = false
                after.occurrenceChange = try change(of: occurrence, in: booking.meeting)
            } else if booking.meeting.recurrence == nil, booking.meeting.span != party.span {
                after.time = try Self.time(
                    party.span, like: booking.meeting.time, zone: Self.zone(of: booking.meeting, room: link.roomZone))
            }
            decision.note(before, after)
        }
        guard let lost = clash.file.lostEvent else { return }
        switch lost.event.role {
        case .organizer:
            // What was made in LoopBooking is written anew; one occurrence crosses as a change of its series.
            guard party.origin == .calendar, party.occurrence == nil else { return }
            clash.file.errands.append(Clash.Errand(event: lost.event.id, before: lost))
        case .attendee:
            decision.remark = """
                The room had declined this invitation, and a declined invitation cannot be accepted from here. The slot \
                is free for it now: ask its organizer to invite the room again.
                """
        }
    }

    private func change(of occurrence: WallTime, in meeting: Meeting) throws -> OccurrenceChange? {
        guard let regular = Self.regularTime(of: occurrence, in: meeting, roomZone: link.roomZone) else { return nil }
        var change = clash.file.lostEvent?.event.meeting.recurrence?.exceptions[occurrence] ?? OccurrenceChange()
        let span = clash.note.loser.span
        let zone = Self.zone(of: meeting, room: link.roomZone)
        change.time = regular.span == span ? nil : try Self.time(span, like: meeting.time, zone: zone)
        change.showAs = nil
        return change.isEmpty ? nil : change
    }

    // MARK: Taking back

    mutating func undo(_ decision: Clash.Decision) throws {
        try requireUnchanged(decision)
        var standings = decision.before
        if decision.kept == .b {
            try requireUnanswered(decision)
            if let event = decision.releasedEvent, event.event.role == .organizer, clash.note.winner.occurrence == nil,
                clash.note.winner.origin == .calendar
            {
                clash.file.errands = [Clash.Errand(event: event.event.id, before: event)]
            } else {
                clash.file.errands = []
            }
            // Its booking may have come only after the decision, with the event that holds the room again.
            let kept = try transaction.booking(of: clash.note.loser, link: link.id)
            if let kept, !standings.contains(where: { $0.booking == kept.id }), kept.status.holdsRoom {
                var standing = BookingStanding(kept)
                standing.status = .refused
                standing.reason = clash.reason
                standings.append(standing)
            }
        } else if let lost = clash.file.lostEvent, decision.movedTo != nil, lost.event.role == .organizer {
            clash.file.errands = [Clash.Errand(event: lost.event.id, before: lost, reason: clash.reason)]
        }
        let reason = "\(author.words) took the decision about the clash in \(link.roomName) back."
        if let booked = decision.booked, let booking = try transaction.bookings.booking(booked),
            booking.status.holdsRoom
        {
            var standing = BookingStanding(booking)
            standing.status = .cancelled
            standing.reason = reason
            standings.append(standing)
        }
        try transact(standings, because: reason)
        try transaction.endRuling(on: clash)
        clash.state = .undone
        var undone = decision
        undone.undoneAt = now
        undone.undoneBy = author.name
        clash.file.decision = undone
    }

    private func requireUnchanged(_ decision: Clash.Decision) throws {
        for after in decision.after {
            guard let booking = try transaction.bookings.booking(after.booking) else {
                throw ClashError.changedSince(what: "a booking is gone")
            }
            guard BookingStanding(booking, occurrence: after.occurrence).holdsSame(as: after) else {
                throw ClashError.changedSince(
                    what: "a booking was moved or cancelled at \(Timestamps.rfc3339(booking.updatedAt))")
            }
        }
    }

    /// A meeting that a person organizes cannot be accepted again once the room's no has gone out.
    private func requireUnanswered(_ decision: Clash.Decision) throws {
        guard let event = decision.releasedEvent?.event, event.role == .attendee else { return }
        let pairing = try transaction.pairing(of: clash.note.winner, link: link.id)
        if pairing?.isInvitation == true { return }
        let present = try transaction.observed(event.id, link: link.id)
        guard let present, present.event.holdsRoom, clash.note.winner.occurrence == nil else {
            throw ClashError.answered
        }
    }

    // MARK: Parts

    private func transact(_ standings: [BookingStanding], because reason: String) throws {
        do {
            try desk.restore(standings, by: author, because: reason, in: transaction.bookings)
        } catch DeskError.slotTaken {
            throw ClashError.slotTaken(room: link.roomName)
        } catch DeskError.occurrencesTaken {
            throw ClashError.slotTaken(room: link.roomName)
        }
    }

    private func newRoom(_ ruling: ClashDesk.Ruling, into decision: inout Clash.Decision) throws -> Room? {
        guard case .move(_, let id) = ruling else { return nil }
        guard let room = try transaction.bookings.room(id) else { throw ClashError.noSuchRoom(id.rawValue) }
        decision.movedTo = room.id
        decision.movedToName = room.name
        return room
    }

    /// What is booked in the new room.
    private func content(of party: Clash.Party, for room: Room) throws -> Meeting {
        guard let meeting = try ClashDesk.meeting(of: party, in: clash, link: link, transaction) else {
            throw ClashError.notInLoopBooking
        }
        let free = try desk.freeRooms(for: meeting, insteadOf: link.room, in: transaction.bookings)
        guard free.contains(where: { $0.id == room.id }) else { throw ClashError.roomNotFree(room: room.name) }
        return meeting
    }

    private func booking(desk meeting: Meeting, in room: Room) throws -> BookingID {
        try desk.book(
            meeting, in: room, by: author,
            because: "\(author.words) moved it here from \(link.roomName), where another meeting has the room.",
            in: transaction.bookings
        ).id
    }

    private func party(_ name: Clash.Party) throws -> ClashRuling.Party {
        let party = clash.party(name)
        let booking = try transaction.booking(of: party, link: link.id)?.id
        return ClashRuling.Party(
            booking: booking ?? party.booking,
            event: try party.event ?? transaction.pairing(of: party, link: link.id)?.event,
            occurrence: party.occurrence)
    }

    private func sentence(room: Room?) -> String {
        room.map(movedReason) ?? "\(author.words) decided the clash in \(link.roomName)."
    }

    private func movedReason(to room: Room) -> String {
        "\(author.words) moved it from \(link.roomName) to \(room.name), because two meetings wanted \(link.roomName)."
    }
}

extension Clash.Decision {
    fileprivate mutating func note(_ before: BookingStanding, _ after: BookingStanding) {
        self.before.append(before)
        self.after.append(after)
    }
}

extension ChangeAuthor {
    /// The author in a sentence.
    package var words: String {
        switch self {
        case .person(let name), .apiToken(let name): name
        case .sync: "The sync"
        case .loopBooking: "LoopBooking"
        }
    }
}
