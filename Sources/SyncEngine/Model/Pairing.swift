import CalendarModel

/// One Booking and one Event that are the same meeting, with the base: what both sides last agreed on. The base is kept as
/// each side spelled it, because a vendor's spelling of what we wrote (a body turned to HTML and back, a room's own
/// subject) is not a change.
package struct Pairing: Hashable, Sendable, Codable {
    package var id: PairingID
    package var link: LinkID
    package var booking: BookingID
    /// The event in the resource's calendar; nil until the room's copy of an invitation has arrived.
    package var event: EventID?
    /// In invite mode: the organizer's copy in the service account's mailbox.
    package var organizerEvent: EventID?
    /// Common to the organizer's and the room's copy.
    package var uid: String?
    package var origin: Side
    package var bookingBase: Meeting
    package var eventBase: Meeting
    package var bookingRevision: Int64
    package var eventVersion: Version?
    /// In invite mode: what the room answered so far.
    package var roomResponse: Response
    /// In invite mode: when the meeting was sent to the room.
    package var invitedAt: Instant?
    /// The other time that was proposed to the organizer while the booking still has it: nothing is proposed twice.
    package var proposed: MeetingTime?

    package init(
        id: PairingID, link: LinkID, booking: BookingID, event: EventID?,
        organizerEvent: EventID? = nil, uid: String? = nil, origin: Side, bookingBase: Meeting, eventBase: Meeting,
        bookingRevision: Int64,
        eventVersion: Version?, roomResponse: Response = .organizer, invitedAt: Instant? = nil
    ) {
        self.id = id
        self.link = link
        self.booking = booking
        self.event = event
        self.organizerEvent = organizerEvent
        self.uid = uid
        self.origin = origin
        self.bookingBase = bookingBase
        self.eventBase = eventBase
        self.bookingRevision = bookingRevision
        self.eventVersion = eventVersion
        self.roomResponse = roomResponse
        self.invitedAt = invitedAt
    }

    package var reference: EventReference { EventReference(event: event, organizerEvent: organizerEvent) }
    package var isInvitation: Bool { organizerEvent != nil }
    /// The room has not answered our invitation yet.
    package var awaitsRoom: Bool { isInvitation && (roomResponse == .notResponded || roomResponse == .none) }
}

/// An event as it was last read, and since when it has its slot.
package struct ObservedEvent: Hashable, Sendable, Codable {
    package var event: Event
    /// The event's creation, or its last move that was seen. Decides "first confirmed".
    package var slotTakenAt: Instant

    package init(event: Event, slotTakenAt: Instant) {
        self.event = event
        self.slotTakenAt = slotTakenAt
    }

    /// The observation after reading the event again.
    package static func updating(_ earlier: ObservedEvent?, with event: Event, at now: Instant) -> ObservedEvent {
        guard let earlier else { return ObservedEvent(event: event, slotTakenAt: event.createdAt ?? now) }
        // A vendor's replica may lag behind what was read or written before; taken at its word, it would undo that.
        if let known = earlier.event.modifiedAt, let modified = event.modifiedAt, modified < known { return earlier }
        let moved = !earlier.event.meeting.time.sameTime(as: event.meeting.time)
        // Who gave the slot back and wants it again comes after those who took it in the meantime.
        let returned = event.holdsRoom && !earlier.event.holdsRoom
        return ObservedEvent(
            event: event, slotTakenAt: moved || returned ? event.modifiedAt ?? now : earlier.slotTakenAt)
    }
}
