import CalendarModel

/// One Booking and one Event that are the same meeting, with the base: what both sides last agreed on. The base is kept as
/// each side spelled it, because a vendor's spelling of what we wrote (a body turned to HTML and back, a room's own
/// subject) is not a change.
package struct Pairing: Hashable, Sendable, Codable {
    private var fields: Shared<Fields>

    private struct Fields: Hashable, Sendable, Codable {
        var id: PairingID
        var link: LinkID
        var booking: BookingID
        var event: EventID?
        var organizerEvent: EventID?
        var uid: String?
        var origin: Side
        var bookingBase: Meeting
        var eventBase: Meeting
        var bookingRevision: Int64
        var eventVersion: Version?
        var roomResponse: Response
        var invitedAt: Instant?
        var proposed: MeetingTime?
    }

    package var id: PairingID {
        get { fields.value.id }
        _modify { yield &fields.value.id }
    }
    package var link: LinkID {
        get { fields.value.link }
        _modify { yield &fields.value.link }
    }
    package var booking: BookingID {
        get { fields.value.booking }
        _modify { yield &fields.value.booking }
    }
    /// The event in the resource's calendar; nil until the room's copy of an invitation has arrived.
    package var event: EventID? {
        get { fields.value.event }
        _modify { yield &fields.value.event }
    }
    /// In invite mode: the organizer's copy in the service account's mailbox.
    package var organizerEvent: EventID? {
        get { fields.value.organizerEvent }
        _modify { yield &fields.value.organizerEvent }
    }
    /// Common to the organizer's and the room's copy.
    package var uid: String? {
        get { fields.value.uid }
        _modify { yield &fields.value.uid }
    }
    package var origin: Side {
        get { fields.value.origin }
        _modify { yield &fields.value.origin }
    }
    package var bookingBase: Meeting {
        get { fields.value.bookingBase }
        _modify { yield &fields.value.bookingBase }
    }
    package var eventBase: Meeting {
        get { fields.value.eventBase }
        _modify { yield &fields.value.eventBase }
    }
    package var bookingRevision: Int64 {
        get { fields.value.bookingRevision }
        _modify { yield &fields.value.bookingRevision }
    }
    package var eventVersion: Version? {
        get { fields.value.eventVersion }
        _modify { yield &fields.value.eventVersion }
    }
    /// In invite mode: what the room answered so far.
    package var roomResponse: Response {
        get { fields.value.roomResponse }
        _modify { yield &fields.value.roomResponse }
    }
    /// In invite mode: when the meeting was sent to the room.
    package var invitedAt: Instant? {
        get { fields.value.invitedAt }
        _modify { yield &fields.value.invitedAt }
    }
    /// The other time that was proposed to the organizer while the booking still has it: nothing is proposed twice.
    package var proposed: MeetingTime? {
        get { fields.value.proposed }
        _modify { yield &fields.value.proposed }
    }

    package init(
        id: PairingID, link: LinkID, booking: BookingID, event: EventID?,
        organizerEvent: EventID? = nil, uid: String? = nil, origin: Side, bookingBase: Meeting, eventBase: Meeting,
        bookingRevision: Int64,
        eventVersion: Version?, roomResponse: Response = .organizer, invitedAt: Instant? = nil
    ) {
        fields = Shared(
            Fields(
                id: id, link: link, booking: booking, event: event, organizerEvent: organizerEvent, uid: uid,
                origin: origin, bookingBase: bookingBase, eventBase: eventBase, bookingRevision: bookingRevision,
                eventVersion: eventVersion, roomResponse: roomResponse, invitedAt: invitedAt, proposed: nil))
    }

    package init(from decoder: any Decoder) throws { fields = Shared(try Fields(from: decoder)) }
    package func encode(to encoder: any Encoder) throws { try fields.value.encode(to: encoder) }

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
