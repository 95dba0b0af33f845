/// What the calendar system holds in a resource's calendar, as it was read: a single event, or a whole series with all that
/// differs from its rule. An occurrence that was deleted, or declined by the room, counts as cancelled.
package struct Event: Hashable, Sendable, Codable {
    private var fields: Shared<Fields>

    private struct Fields: Hashable, Sendable, Codable {
        var id: EventID
        var version: Version
        var uid: String?
        var meeting: Meeting
        var role: Role
        var response: Response
        var isCancelled: Bool
        var createdAt: Instant?
        var modifiedAt: Instant?
    }

    package var id: EventID {
        get { fields.value.id }
        _modify { yield &fields.value.id }
    }
    package var version: Version {
        get { fields.value.version }
        _modify { yield &fields.value.version }
    }
    /// The same for the organizer's and the room's copy of one meeting (iCalUId, UID).
    package var uid: String? {
        get { fields.value.uid }
        _modify { yield &fields.value.uid }
    }
    package var meeting: Meeting {
        get { fields.value.meeting }
        _modify { yield &fields.value.meeting }
    }
    /// Whether the resource itself is the organizer (written straight into its calendar) or was invited.
    package var role: Role {
        get { fields.value.role }
        _modify { yield &fields.value.role }
    }
    /// What the resource answered, when it was invited.
    package var response: Response {
        get { fields.value.response }
        _modify { yield &fields.value.response }
    }
    /// The organizer cancelled, but the resource keeps the item.
    package var isCancelled: Bool {
        get { fields.value.isCancelled }
        _modify { yield &fields.value.isCancelled }
    }
    package var createdAt: Instant? {
        get { fields.value.createdAt }
        _modify { yield &fields.value.createdAt }
    }
    package var modifiedAt: Instant? {
        get { fields.value.modifiedAt }
        _modify { yield &fields.value.modifiedAt }
    }

    package enum Role: String, Hashable, Sendable, Codable { case organizer, attendee }

    package init(
        id: EventID, version: Version, uid: String? = nil, meeting: Meeting, role: Role = .organizer,
        response: Response = .organizer, isCancelled: Bool = false, createdAt: Instant? = nil,
        modifiedAt: Instant? = nil
    ) {
        fields = Shared(
            Fields(
                id: id, version: version, uid: uid, meeting: meeting, role: role, response: response,
                isCancelled: isCancelled, createdAt: createdAt, modifiedAt: modifiedAt))
    }

    package init(from decoder: any Decoder) throws { fields = Shared(try Fields(from: decoder)) }
    package func encode(to encoder: any Encoder) throws { try fields.value.encode(to: encoder) }

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
