import CalendarModel
import SyncEngine
import SyncService
import TestSupport

/// One room with its calendar and the link between them.
struct Site {
    let link: Link
    let calendar: InMemoryCalendar
    /// What each node remembers of refused writes.
    var refusals = [RefusalMemory(), RefusalMemory()]
    var isEmpty = false
    var isClosed = false
    /// The link stopped while the calendar looked empty: then nobody deleted anything.
    var stoppedWhileEmpty = false
    /// When the calendar was last read, by the calendar's account.
    var lastRead: Instant?
    /// Events that the engine made, for each booking.
    var made: [BookingID: Set<EventID>] = [:]
    /// Events that people made by copying others.
    var copies: Set<EventID> = []

    var withContent: Bool { link.policy.content == .everything }
}
