import CalendarModel
import ICalendar
import LoopBooking
import SyncEngine
import SyncService
import TestSupport

/// What people, attendants, administrators and operators do. Each returns whether it came to that.
extension World {
    static let anna = Person(name: "Anna Berg", address: "anna@contoso.example")
    static let erik = Person(name: "Erik Dahl", address: "erik@contoso.example")

    func act(_ act: Act) async -> Bool {
        switch act {
        case .make(let label, let room, let slot, .booking, let recurrence):
            return await book(label, room, slot, recurrence)
        case .make(let label, let room, let slot, .event(let way), let recurrence):
            return await write(label, room, slot, way, recurrence)
        case .move(let label, let side, let slot):
            let time = calendar.time(slot)
            return await change(label, side, BookingChange(time: TimeChange(time))) { $0.time = time }
        case .edit(let label, let side, let edit):
            return await change(label, side, bookingChange(edit, of: label)) { [self] in apply(edit, of: label, to: &$0)
            }
        case .undo(let label, let side): return await undo(label, side)
        case .cancel(let label, let side): return await cancel(label, side)
        case .show(let label, let showAs):
            if !showAs.holdsRoom { ledger[label]?.isTakenBack = true }
            return await change(label, .calendar, BookingChange()) { $0.showAs = showAs }
        case .copy(let label, let copy, let slot): return await self.copy(label, as: copy, to: slot)
        case .touch(let label):
            guard let entry = ledger[label], let event = entry.event else { return false }
            await sites[entry.room].calendar.touches(event)
            return true
        case .occurrence(let label, let side, let original, let edit):
            return await changeOccurrence(label, side, original, edit)
        case .series(let label, let side, let edit): return await changeSeries(label, side, edit)
        case .answerInvitations(let room):
            await answerInvitations(room)
            return true
        case .pause, .resume, .restart, .rights, .emptiness, .days: return await operate(act)
        case .pass: return false
        }
    }

    // MARK: Making. Every text says on which side it was typed (§b, §c), so that it is found wherever it went.

    private func book(_ label: Label, _ room: Int, _ slot: Slot, _ recurrence: Recurrence?) async -> Bool {
        let site = sites[room]
        let draft = draft(label, room: site.link.room, at: calendar.time(slot), recurrence)
        guard let made = try? await desk.create(draft, by: .person("Anna Berg")).entity else { return false }
        ledger.made(label, room: room, booking: made.id, facets: facets(made, in: room))
        checkCertainty(made, room)
        return true
    }

    private func write(
        _ label: Label, _ room: Int, _ slot: Slot, _ way: InMemoryCalendar.Way, _ recurrence: Recurrence?
    ) async -> Bool {
        let meeting = Meeting(
            time: calendar.time(slot), subject: "§c\(label) subject 0", body: label % 2 == 0 ? "§c\(label) notes" : "",
            organizer: Self.erik, recurrence: recurrence)
        let site = sites[room]
        guard site.calendar.expresses(meeting) else { return false }
        let id = await site.calendar.personCreates(meeting, by: way)
        guard let event = await site.calendar.event(id) else { return false }
        ledger.made(label, room: room, event: id, facets: facets(event, in: room))
        return true
    }

    private func copy(_ label: Label, as copy: Label, to slot: Slot) async -> Bool {
        guard let entry = ledger[label], let id = entry.event else { return false }
        let site = sites[entry.room]
        guard let made = await site.calendar.personCopies(id, to: calendar.time(slot)),
            let event = await site.calendar.event(made)
        else { return false }
        sites[entry.room].copies.insert(made)
        ledger.made(copy, room: entry.room, event: made, facets: facets(event, in: entry.room))
        if entry.isMarked { ledger[copy]?.isMarked = true }
        if !event.holdsRoom { ledger[copy]?.isTakenBack = true }
        return true
    }

    // MARK: Changing

    /// What is over is remembered no longer; nobody here digs it out.
    func isOver(_ meeting: Meeting) -> Bool { meeting.reach(roomZone: Times.oslo).end <= clock.now }

    /// A person changes a meeting on one side.
    func change(
        _ label: Label, _ side: Side, _ wish: BookingChange, _ rewrite: @Sendable (inout Meeting) -> Void
    ) async -> Bool {
        guard let entry = ledger[label] else { return false }
        switch side {
        case .loopBooking:
            guard let id = entry.booking else { return false }
            return await changing(label, booking: id) { [desk] in
                _ = try await desk.change(id, wish, by: .person("Anna Berg"))
            }
        case .calendar:
            guard let id = entry.event else { return false }
            let calendar = sites[entry.room].calendar
            return await changing(label, event: id) { await calendar.personChanges(id, rewrite) }
        }
    }

    /// Watches a person change a booking, so that it is known what is to cross.
    func changing(_ label: Label, booking id: BookingID, _ body: @Sendable () async throws -> Void) async -> Bool {
        guard let entry = ledger[label], let before = bookings.booking(id), !isOver(before.meeting) else {
            return false
        }
        do { try await body() } catch { return false }
        guard let after = bookings.booking(id), after.revision != before.revision else { return false }
        ledger[label]?.earlier[.loopBooking] = before.meeting
        await changed(entry, from: before, to: after)
        return true
    }

    /// A person changed a booking. What a person in the calendar organizes is not LoopBooking's to change: it is put back,
    /// but for the room's no to single occurrences.
    func changed(_ entry: Ledger.Entry, from before: Booking, to after: Booking) async {
        let calendar = sites[entry.room].calendar
        var isOrganizers = false
        if entry.side == .calendar, let event = entry.event {
            // The room's copy of our own invitation is nobody else's.
            isOrganizers = await calendar.event(event)?.role == .attendee && !event.rawValue.hasPrefix("copy")
            // Nor can it get a rule that its calendar cannot hold.
            if !calendar.expresses(after.meeting) { ledger.loosen(entry.label) }
        }
        ledger.changed(
            entry.label, on: .loopBooking, from: facets(before, in: entry.room), to: facets(after, in: entry.room),
            onlyOff: isOrganizers)
    }

    func changing(_ label: Label, event id: EventID, _ body: @Sendable () async -> Void) async -> Bool {
        guard let entry = ledger[label] else { return false }
        let site = sites[entry.room]
        guard let before = await site.calendar.event(id), !isOver(before.meeting) else { return false }
        await body()
        guard let after = await site.calendar.event(id), after.version != before.version else { return false }
        ledger[label]?.earlier[.calendar] = before.meeting
        ledger.changed(label, on: .calendar, from: facets(before, in: entry.room), to: facets(after, in: entry.room))
        // Who takes out the last occurrence takes out the series.
        if Series(after.meeting, roomZone: Times.oslo)?.isEmpty == true { ledger[label]?.isTakenBack = true }
        return true
    }

    private func bookingChange(_ edit: Act.Edit, of label: Label) -> BookingChange {
        switch edit {
        case .subject(let number): BookingChange(subject: "§b\(label) subject \(number)")
        case .body(let number): BookingChange(body: "§b\(label) notes \(number)\nand a second line")
        case .organizer(let number): BookingChange(organizer: .value(number % 2 == 0 ? Self.anna : Self.erik))
        case .sensitivity(let sensitivity): BookingChange(sensitivity: sensitivity)
        }
    }

    private nonisolated func apply(_ edit: Act.Edit, of label: Label, to meeting: inout Meeting) {
        switch edit {
        case .subject(let number): meeting.subject = "§c\(label) subject \(number)"
        case .body(let number): meeting.body = "§c\(label) notes \(number)"
        case .organizer: break
        case .sensitivity(let sensitivity): meeting.sensitivity = sensitivity
        }
    }

    private func undo(_ label: Label, _ side: Side) async -> Bool {
        guard let entry = ledger[label], let earlier = entry.earlier[side] else { return false }
        let wish = BookingChange(
            time: TimeChange(earlier.time), subject: earlier.subject, body: earlier.body,
            sensitivity: earlier.sensitivity)
        return await change(label, side, wish) { meeting in
            meeting.time = earlier.time
            meeting.subject = earlier.subject
            meeting.body = earlier.body
            meeting.sensitivity = earlier.sensitivity
            meeting.recurrence = earlier.recurrence
        }
    }

    private func cancel(_ label: Label, _ side: Side) async -> Bool {
        guard let entry = ledger[label] else { return false }
        switch side {
        case .loopBooking:
            guard let id = entry.booking, let booking = bookings.booking(id), !isOver(booking.meeting),
                (try? await desk.cancel(id, by: .person("Anna Berg"))) != nil
            else { return false }
        case .calendar:
            guard let id = entry.event, let event = await sites[entry.room].calendar.event(id), !isOver(event.meeting)
            else { return false }
            await sites[entry.room].calendar.personCancels(id, roomKeepsItem: label % 2 == 0)
        }
        ledger[label]?.isTakenBack = true
        return true
    }

    private func answerInvitations(_ room: Int) async {
        let site = sites[room]
        let before = await site.calendar.events
        await site.calendar.answerInvitations()
        let after = Dictionary(await site.calendar.events.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        for event in before {
            guard let now = after[event.id], now.version != event.version, let label = ledger.label(of: event.id) else {
                continue
            }
            ledger.changed(label, on: .calendar, from: facets(event, in: room), to: facets(now, in: room))
        }
    }
}
