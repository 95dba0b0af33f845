import CalendarModel
import SyncEngine

/// How long a change took: from when it was made on one side, as that side tells it, until the write to the other side was
/// done. Deletions in the calendar tell no time.
extension LinkPass {
    /// When the change was made that the operation brings across; nil where that is not known.
    func changedAt(_ operation: Operation) -> Instant? {
        switch operation.action {
        case .createEvent(let create): planned[create.booking]?.updatedAt
        case .updateEvent(let update): bookingChange(of: update.pairing)
        case .cancelEvent(let cancel): bookingChange(of: cancel.pairing)
        case .declineEvent(let decline): bookingChange(of: decline.pairing)
        case .createBooking(let create): observed(create.event)?.event.modifiedAt
        case .updateBooking(let update):
            pairing(update.pairing)?.event.flatMap { observed($0) }?.event.modifiedAt
        case .setBookingStatus(let change):
            // Of an event that is gone nobody says when it went.
            pairing(for: change.booking)?.event.flatMap { observed($0) }?.event.modifiedAt
        case .proposeTime, .askRoom, .adopt, .attach, .settle, .end: nil
        }
    }

    func latency(of operation: Operation, since changedAt: Instant?) -> PassReport.Latency? {
        guard let changedAt, let toward = operation.action.side else { return nil }
        return PassReport.Latency(toward: toward, changedAt: changedAt, stoodAt: now)
    }

    private func bookingChange(of id: PairingID?) -> Instant? {
        pairing(id).flatMap { planned[$0.booking] }?.updatedAt
    }
}
