import CalendarModel

/// A revision or a version is noted as agreed on only when nothing of it is left to cross; else the next plan must look.
extension Pairing {
    package mutating func agree(on booking: Booking, policy: LinkPolicy) {
        let fields = Crossing(policy: policy).bookingFields(origin: origin)
        bookingRevision =
            bookingBase.differences(from: booking.meeting, among: fields).isEmpty ? booking.revision : Self.open
    }

    package mutating func agree(on event: Event, policy: LinkPolicy) {
        let fields = Crossing(policy: policy).eventFields
        eventVersion = eventBase.differences(from: event.meeting, among: fields).isEmpty ? event.version : nil
    }

    /// Nothing is taken as agreed on any more: the next plan compares both sides with the base.
    package mutating func reopen() {
        bookingRevision = Self.open
        eventVersion = nil
    }

    /// No booking has this revision.
    private static let open: Int64 = -1
}
