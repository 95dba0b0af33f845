import CalendarModel
import SyncEngine

extension Mutant {
    /// What is decided is wrong.
    static let plans: [Mutant] = [
        .state("empty-page-deletes-all", "However much vanished at once, it is cancelled (respa).") {
            $0.approvedDeletions = Set($0.pairings.map(\.id))
        },
        .state("policy-ignored", "Another side than the policy says wins clashes.") { state in
            state.link.policy.clash = state.link.policy.clash == .calendarLeads ? .loopBookingLeads : .calendarLeads
        },
        .operations("both-keep-the-slot", "Who lost a slot is not told, and stays.") { $0.clashes.isEmpty ? $0 : nil },
        .operations("no-reason", "Nobody is told why.") { Operation($0.action, because: "", clashes: $0.clashes) },
        .operations("never-moves-bookings", "A meeting that moved in the calendar does not move in LoopBooking.") {
            operation in
            if case .updateBooking(let update) = operation.action, update.parts.touchesTime { return nil }
            return operation
        },
        .operations("never-cancels-bookings", "What is cancelled in the calendar stays booked.") {
            operation in
            if case .setBookingStatus(let change) = operation.action, !change.status.holdsRoom { return nil }
            return operation
        },
    ]
}
