import CalendarModel
import SyncEngine

/// Values with sensible defaults, so that a test names only what it is about.
package enum Samples {
    package static let anna = Person(name: "Anna Berg", address: "anna@contoso.example")
    package static let erik = Person(name: "Erik Dahl", address: "erik@contoso.example")
    package static let mirror = Person(name: "Oslo-ext", address: "oslo-ext@contoso.example")
    package static let earlier = Times.instant("2026-03-01 12:00")
    package static let now = Times.instant("2026-03-02 07:00")
    package static let window = TimeSpan(
        start: Times.instant("2026-03-01 00:00"), end: Times.instant("2027-04-01 00:00"))

    package static func meeting(
        _ subject: String = "Design review", _ time: MeetingTime = Times.at("2026-03-02 09:00"), body: String = "",
        organizer: Person? = anna, attendees: [Attendee] = [], sensitivity: Sensitivity = .normal,
        showAs: ShowAs = .busy, location: String = ""
    ) -> Meeting {
        Meeting(
            time: time, subject: subject, body: body, organizer: organizer, attendees: attendees,
            sensitivity: sensitivity, showAs: showAs, location: location)
    }

    package static func booking(
        _ id: BookingID = "b1", _ meeting: Meeting = meeting(), status: Booking.Status = .confirmed,
        reason: String? = nil, revision: Int64 = 1, origin: Side = .loopBooking, takenAt: Instant = earlier,
        updatedAt: Instant? = nil
    ) -> Booking {
        Booking(
            id: id, organization: "org", room: "oslo", meeting: meeting, status: status, reason: reason,
            revision: revision, origin: origin, createdAt: takenAt, updatedAt: updatedAt ?? takenAt,
            slotTakenAt: takenAt)
    }

    package static func event(
        _ id: EventID = "e1", _ meeting: Meeting = meeting(organizer: mirror), version: String = "v1",
        uid: String? = nil, role: Event.Role = .organizer, response: Response? = nil, isCancelled: Bool = false,
        createdAt: Instant? = earlier, modifiedAt: Instant? = earlier
    ) -> Event {
        Event(
            id: id, version: Version(version), uid: uid ?? "uid-\(id)", meeting: meeting, role: role,
            response: response ?? (role == .organizer ? .organizer : .accepted), isCancelled: isCancelled,
            createdAt: createdAt, modifiedAt: modifiedAt)
    }

    package static func observed(_ event: Event, takenAt: Instant? = nil) -> ObservedEvent {
        ObservedEvent(event: event, slotTakenAt: takenAt ?? event.createdAt ?? earlier)
    }

    /// A pairing whose sides stand as these two do.
    package static func pairing(
        _ id: PairingID = "p1", _ booking: Booking, _ event: Event?, origin: Side? = nil,
        organizerEvent: EventID? = nil, uid: String? = nil, eventBase: Meeting? = nil,
        roomResponse: Response? = nil
    ) -> Pairing {
        Pairing(
            id: id, link: "link", booking: booking.id, event: event?.id, organizerEvent: organizerEvent,
            uid: uid ?? event?.uid, origin: origin ?? booking.origin, bookingBase: booking.meeting,
            eventBase: eventBase ?? event?.meeting ?? booking.meeting, bookingRevision: booking.revision,
            eventVersion: event?.version, roomResponse: roomResponse ?? event?.response ?? .notResponded)
    }

    package static func link(_ policy: LinkPolicy = LinkPolicy(), id: LinkID = "link") -> Link {
        Link(
            id: id, organization: "org", connection: "connection", room: "oslo", roomName: "Oslo",
            roomZone: Times.oslo, resourceAddress: mirror.address, resourceName: mirror.name, policy: policy)
    }
}
