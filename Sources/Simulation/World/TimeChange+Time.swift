import CalendarModel
import LoopBooking

extension TimeChange {
    /// A whole time.
    init(_ time: MeetingTime) {
        switch TimeDraft(time) {
        case .timed(let start, let end): self.init(start: start, end: end, allDay: false)
        case .allDay(let first, let end): self.init(allDay: true, startDate: first, endDate: end)
        }
    }
}
