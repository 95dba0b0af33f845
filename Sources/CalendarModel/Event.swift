/// What the calendar system holds in a resource's calendar, as it was read: a single event, or a whole series with all that
/// differs from its rule. An occurrence that was deleted, or declined by the room, counts as cancelled.
package struct Event: Hashable, Sendable, Codable {
    package var id: EventID
    package var version: Version
    /// The same for the organizer's and the room's copy of one meeting (iCalUId, UID).
    package var uid: String?
    package var meeting: Meeting
    /// Whether the resource itself is the organizer (written straight into its calendar) or was invited.
    package var role: Role
    /// What the resource answered, when it was invited.
    package var response: Response
    /// The organizer cancelled, but the resource keeps the item.
    package var isCancelled: Bool
    package var createdAt: Instant?
    package var modifiedAt: Instant?

    package enum Role: String, Hashable, Sendable, Codable { case organizer, attendee }

    package init(
        id: EventID, version: Version, uid: String? = nil, meeting: Meeting, role: Role = .organizer,
        response: Response = .organizer, isCancelled: Bool = false, createdAt: Instant? = nil,
        modifiedAt: Instant? = nil
    ) {
        self.id = id
        self.version = version
        self.uid = uid
        self.meeting = meeting
        self.role = role
        self.response = response
        self.isCancelled = isCancelled
        self.createdAt = createdAt
        self.modifiedAt = modifiedAt
    }

    /// Whether the event takes the room: not cancelled, not declined, and not shown as free.
    package var holdsRoom: Bool { !isCancelled && response != .declined && meeting.showAs.holdsRoom }
}

/// A room as the calendar system knows it.
package struct Resource: Hashable, Sendable, Codable {
    /// How the calendar system is asked for it: an SMTP address, a collection URL.
    package var address: String
    package var name: String
    package var capacity: Int?
    package var building: String?
    package var floor: String?

    package init(address: String, name: String, capacity: Int? = nil, building: String? = nil, floor: String? = nil) {
        self.address = address
        self.name = name
        self.capacity = capacity
        self.building = building
        self.floor = floor
    }
}
