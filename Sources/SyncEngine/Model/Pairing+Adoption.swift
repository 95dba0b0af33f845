import CalendarModel

extension Pairing {
    /// A booking and an event that were the same meeting before anybody recorded it. Where they differ (notes, who booked it)
    /// the side on which the meeting was made has it right, unless it says nothing there; what differs crosses like any
    /// change.
    package init(adopting booking: Booking, _ event: Event, in link: Link, id: PairingID) {
        self.init(
            id: id, link: link.id, booking: booking.id, event: event.id, uid: event.uid, origin: booking.origin,
            bookingBase: booking.meeting, eventBase: event.meeting, bookingRevision: booking.revision,
            eventVersion: event.version)
        let crossing = Crossing(policy: link.policy)
        let wantedInBooking = crossing.booking(from: event.meeting)
        let wantedInEvent = crossing.event(from: booking.meeting, origin: booking.origin)
        let texts: Set<MeetingField> = [.subject, .body, .location]
        let fields =
            booking.origin == .loopBooking ? crossing.bookingFields(origin: .loopBooking) : crossing.eventFields
        for field in fields.subtracting([.time, .recurrence]).sorted() {
            let fromEvent = booking.origin == .calendar
            let isSilent =
                texts.contains(field) && (fromEvent ? wantedInBooking : wantedInEvent).text(of: field).isEmpty
            // A base that says what the other side says makes a change of what this side says.
            if fromEvent != isSilent {
                guard !wantedInBooking.agrees(with: booking.meeting, in: field) else { continue }
                eventBase = eventBase.taking([field], from: wantedInEvent)
            } else {
                guard !wantedInEvent.agrees(with: event.meeting, in: field) else { continue }
                bookingBase = bookingBase.taking([field], from: wantedInBooking)
            }
        }
        agree(on: booking, policy: link.policy)
        agree(on: event, policy: link.policy)
    }
}

extension Meeting {
    fileprivate func text(of field: MeetingField) -> String {
        switch field {
        case .subject: subject
        case .body: body
        case .location: location
        case .time, .organizer, .attendees, .sensitivity, .showAs, .recurrence: ""
        }
    }
}
