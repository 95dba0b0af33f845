import CalendarModel
import CalendarTime
import ICalendar
import LoopBooking
import SyncEngine
import TestSupport

/// What people do to series, and to single occurrences of them.
extension World {
    func draft(_ label: Label, room: RoomID, at time: MeetingTime, _ recurrence: Recurrence?) -> BookingDraft {
        BookingDraft(
            room: room, time: TimeDraft(time), subject: "§b\(label) subject 0",
            body: label % 2 == 0 ? "§b\(label) notes" : "", organizer: Self.anna,
            recurrence: recurrence.map(RecurrenceChange.init), onTaken: label % 3 == 0 ? .refuse : .skip)
    }

    /// LoopBooking gives endless series the slots that came nearer; what is taken by then is left out.
    func extendSeries() async {
        for (room, site) in sites.enumerated() {
            let before = Dictionary(bookings.all.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
            for changed in (try? await desk.extendSlots(of: site.link.room)) ?? [] {
                guard let old = before[changed.id], let label = ledger.label(of: changed.id) else { continue }
                ledger.changed(label, on: .loopBooking, from: facets(old, in: room), to: facets(changed, in: room))
                if !changed.status.holdsRoom { ledger[label]?.isTakenBack = true }
            }
        }
    }

    // MARK: Single occurrences

    func changeOccurrence(
        _ label: Label, _ side: Side, _ original: WallTime, _ edit: Act.OccurrenceEdit
    ) async -> Bool {
        guard let entry = ledger[label] else { return false }
        let time: MeetingTime? = if case .move(let slot) = edit { calendar.time(slot) } else { nil }
        switch side {
        case .loopBooking:
            guard let id = entry.booking else { return false }
            let isDone = await changing(label, booking: id) { [desk] in
                try await desk.edit(id, original, edit, time, label)
            }
            // Who cancels the last occurrence cancels the series.
            if bookings.booking(id)?.status == .cancelled { ledger[label]?.isTakenBack = true }
            return isDone
        case .calendar:
            guard let id = entry.event else { return false }
            let calendar = sites[entry.room].calendar
            return await changing(label, event: id) { await calendar.edit(id, original, edit, time, label) }
        }
    }

    // MARK: Whole series

    func changeSeries(_ label: Label, _ side: Side, _ edit: Act.SeriesEdit) async -> Bool {
        switch edit {
        case .end(let end):
            var wish = RecurrenceChange()
            wish.end = end
            return await change(label, side, BookingChange(recurrence: .value(wish), onTaken: .skip)) {
                $0.recurrence?.rule.end = end
            }
        case .rule(let rule):
            let wish = RecurrenceChange(rule: rule)
            return await change(label, side, BookingChange(recurrence: .value(wish), onTaken: .skip)) {
                $0.recurrence?.rule = rule
            }
        case .split(let from, let following, let slot):
            return side == .calendar
                ? await splitEvent(label, from, following, slot) : await splitBooking(label, from, following, slot)
        }
    }

    private func splitBooking(_ label: Label, _ from: WallTime, _ following: Label, _ slot: Slot) async -> Bool {
        guard let entry = ledger[label], let id = entry.booking, let before = bookings.booking(id) else { return false }
        let wish = BookingChange(time: TimeChange(calendar.time(slot)), onTaken: .skip)
        guard let split = try? await desk.split(id, from: from, wish, by: .person("Anna Berg")).entity else {
            return false
        }
        await changed(entry, from: before, to: split.booking)
        // Nothing is left of the first part.
        if !split.booking.status.holdsRoom { ledger[label]?.isTakenBack = true }
        ledger.made(
            following, room: entry.room, booking: split.following.id, facets: facets(split.following, in: entry.room))
        return true
    }

    /// In the calendar a series is cut by ending it and making another.
    private func splitEvent(_ label: Label, _ from: WallTime, _ following: Label, _ slot: Slot) async -> Bool {
        guard let entry = ledger[label], let id = entry.event else { return false }
        let site = sites[entry.room]
        guard let event = await site.calendar.event(id), let series = Series(event.meeting, roomZone: Times.oslo),
            series.has(from), from > series.start
        else { return false }
        let until = Zones.date(from.date, addingDays: -1)
        guard
            await changing(
                label, event: id, { await site.calendar.personChanges(id) { $0.recurrence?.rule.end = .on(until) } })
        else { return false }
        var rest = event.meeting
        rest.time = calendar.time(slot)
        rest.recurrence = Recurrence(rule: series.recurrence.rule)
        if case .after(let count) = series.recurrence.rule.end {
            rest.recurrence?.rule.end = .after(count: max(1, count / 2))
        }
        let start = calendar.wall(slot)
        if let tail = Series(rest, roomZone: Times.oslo), !tail.has(start) { rest.recurrence?.additions = [start] }
        guard site.calendar.expresses(rest) else { return true }
        let made = await site.calendar.personCreates(rest, by: event.role == .organizer ? .written : .invited)
        guard let other = await site.calendar.event(made) else { return false }
        ledger.made(following, room: entry.room, event: made, facets: facets(other, in: entry.room))
        if !other.holdsRoom { ledger[following]?.isTakenBack = true }
        return true
    }
}

extension RecurrenceChange {
    /// Another rule, and what stands beside it.
    fileprivate init(rule: RecurrenceRule) {
        self.init(Recurrence(rule: rule))
        (cancelled, exceptions, additions) = (nil, nil, nil)
    }
}

extension BookingDesk {
    fileprivate func edit(
        _ id: BookingID, _ original: WallTime, _ edit: Act.OccurrenceEdit, _ time: MeetingTime?, _ label: Label
    ) async throws {
        let author = ChangeAuthor.person("Anna Berg")
        func change(_ change: BookingChange) async throws {
            _ = try await changeOccurrence(original, of: id, change, by: author)
        }
        switch edit {
        case .cancel: _ = try await cancelOccurrence(original, of: id, by: author)
        case .restore: _ = try await restoreOccurrence(original, of: id, by: author)
        case .move: if let time { try await change(BookingChange(time: TimeChange(time))) }
        case .subject(let number): try await change(BookingChange(subject: "§b\(label) once \(number)"))
        case .body(let number): try await change(BookingChange(body: "§b\(label) once \(number)"))
        }
    }
}

extension InMemoryCalendar {
    fileprivate func edit(
        _ id: EventID, _ original: WallTime, _ edit: Act.OccurrenceEdit, _ time: MeetingTime?, _ label: Label
    ) {
        switch edit {
        case .cancel: personSets(id, occurrence: original, cancelled: true)
        case .restore: personSets(id, occurrence: original, cancelled: false)
        case .move: if let time { personChanges(id, occurrence: original) { $0.time = time } }
        case .subject(let number):
            personChanges(id, occurrence: original) { $0.subject = "§c\(label) once \(number)" }
        case .body(let number): personChanges(id, occurrence: original) { $0.body = "§c\(label) once \(number)" }
        }
    }
}
