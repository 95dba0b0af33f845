import CalendarModel
import ICalendar
import LoopBooking
import SyncEngine
import TestSupport

/// What people do to series, and to single occurrences of them.
extension World {
    func draft(_ label: Label, room: RoomID, at time: MeetingTime, _ recurrence: Recurrence?) -> BookingDraft {
        BookingDraft(
            room: room, time: TimeDraft(time), subject: "§b\(label) subject 0",
            body: label % 2 == 0 ? "§b\(label) notes" : "", organizer: Self.anna, recurrence: recurrence)
    }

    func changeOccurrence(
        _ label: Label, _ side: Side, _ original: WallTime, _ edit: Act.OccurrenceEdit
    ) async -> Bool {
        guard side == .calendar, let entry = ledger[label], let id = entry.event else { return false }
        let site = sites[entry.room]
        let time: MeetingTime? = if case .move(let slot) = edit { calendar.time(slot) } else { nil }
        return await changing(label, event: id) {
            switch edit {
            case .cancel: await site.calendar.personSets(id, occurrence: original, cancelled: true)
            case .restore: await site.calendar.personSets(id, occurrence: original, cancelled: false)
            case .move:
                if let time { await site.calendar.personChanges(id, occurrence: original) { $0.time = time } }
            case .subject(let number):
                await site.calendar.personChanges(id, occurrence: original) { $0.subject = "§c\(label) once \(number)" }
            case .body(let number):
                await site.calendar.personChanges(id, occurrence: original) { $0.body = "§c\(label) once \(number)" }
            }
        }
    }

    func changeSeries(_ label: Label, _ side: Side, _ edit: Act.SeriesEdit) async -> Bool {
        guard side == .calendar, let entry = ledger[label], let id = entry.event else { return false }
        let site = sites[entry.room]
        switch edit {
        case .end(let end):
            return await changing(label, event: id) {
                await site.calendar.personChanges(id) { $0.recurrence?.rule.end = end }
            }
        case .rule(let rule):
            return await changing(label, event: id) {
                await site.calendar.personChanges(id) { $0.recurrence?.rule = rule }
            }
        case .split: return false
        }
    }
}
