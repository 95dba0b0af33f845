/// What LoopBooking holds: a reservation of a room.
package struct Booking: Hashable, Sendable, Codable {
    private var fields: Shared<Fields>

    private struct Fields: Hashable, Sendable, Codable {
        var id: BookingID
        var organization: OrganizationID
        var room: RoomID
        var meeting: Meeting
        var status: Status
        var reason: String?
        /// Nil when nothing was, as in bookings that were kept before this was known.
        var leftOut: Set<CivilDate>?
        var revision: Int64
        var origin: Side
        var createdAt: Instant
        var updatedAt: Instant
        var slotTakenAt: Instant
    }

    package var id: BookingID {
        get { fields.value.id }
        _modify { yield &fields.value.id }
    }
    package var organization: OrganizationID {
        get { fields.value.organization }
        _modify { yield &fields.value.organization }
    }
    package var room: RoomID {
        get { fields.value.room }
        _modify { yield &fields.value.room }
    }
    package var meeting: Meeting {
        get { fields.value.meeting }
        _modify { yield &fields.value.meeting }
    }
    package var status: Status {
        get { fields.value.status }
        _modify { yield &fields.value.status }
    }
    /// Why it is pending, refused or cancelled, or what was changed for the person who booked; in words for people.
    package var reason: String? {
        get { fields.value.reason }
        _modify { yield &fields.value.reason }
    }
    /// The days of occurrences that were left out because the room was taken then; they stand among the cancelled ones.
    package var leftOut: Set<CivilDate> {
        get { fields.value.leftOut ?? [] }
        set { fields.value.leftOut = newValue.isEmpty ? nil : newValue }
    }
    /// Counts up by one with each change.
    package var revision: Int64 {
        get { fields.value.revision }
        _modify { yield &fields.value.revision }
    }
    package var origin: Side {
        get { fields.value.origin }
        _modify { yield &fields.value.origin }
    }
    package var createdAt: Instant {
        get { fields.value.createdAt }
        _modify { yield &fields.value.createdAt }
    }
    package var updatedAt: Instant {
        get { fields.value.updatedAt }
        _modify { yield &fields.value.updatedAt }
    }
    /// When the present time slot was taken: the creation, or the last move. Decides "first confirmed".
    package var slotTakenAt: Instant {
        get { fields.value.slotTakenAt }
        _modify { yield &fields.value.slotTakenAt }
    }

    package enum Status: String, Hashable, Sendable, Codable {
        /// The slot is yes.
        case confirmed
        /// Holds the slot, but the answer is still open (the calendar could not be read, or the room has not answered).
        case pending
        /// The slot is no; `reason` says why. Kept, so that people can see it.
        case refused
        case cancelled

        /// Whether a booking in this status keeps others out of its slot.
        package var holdsRoom: Bool { self == .confirmed || self == .pending }
    }

    package init(
        id: BookingID, organization: OrganizationID, room: RoomID, meeting: Meeting, status: Status = .confirmed,
        reason: String? = nil, leftOut: Set<CivilDate> = [], revision: Int64 = 1, origin: Side = .loopBooking,
        createdAt: Instant,
        updatedAt: Instant, slotTakenAt: Instant
    ) {
        fields = Shared(
            Fields(
                id: id, organization: organization, room: room, meeting: meeting, status: status, reason: reason,
                leftOut: leftOut.isEmpty ? nil : leftOut, revision: revision, origin: origin, createdAt: createdAt,
                updatedAt: updatedAt,
                slotTakenAt: slotTakenAt))
    }

    package init(from decoder: any Decoder) throws { fields = Shared(try Fields(from: decoder)) }
    package func encode(to encoder: any Encoder) throws { try fields.value.encode(to: encoder) }
}

/// The two sides of a link. A meeting's origin is the side where it was made.
package enum Side: String, Hashable, Sendable, Codable, CaseIterable {
    case loopBooking, calendar

    package var other: Side { self == .loopBooking ? .calendar : .loopBooking }
}

/// A LoopBooking room.
package struct Room: Hashable, Sendable, Codable {
    package var id: RoomID
    package var organization: OrganizationID
    package var name: String
    package var capacity: Int?
    package var location: String
    package var zone: ZoneID
    package var openingHours: OpeningHours
    package var rules: BookingRules
    package var revision: Int64

    package init(
        id: RoomID, organization: OrganizationID, name: String, capacity: Int? = nil, location: String = "",
        zone: ZoneID, openingHours: OpeningHours = .always, rules: BookingRules = BookingRules(), revision: Int64 = 1
    ) {
        self.id = id
        self.organization = organization
        self.name = name
        self.capacity = capacity
        self.location = location
        self.zone = zone
        self.openingHours = openingHours
        self.rules = rules
        self.revision = revision
    }
}

/// When a room can be booked in LoopBooking, per weekday, in the room's zone.
package enum OpeningHours: Hashable, Sendable, Codable {
    case always
    /// Minutes after midnight per weekday; a weekday that is missing is closed.
    case weekly([RecurrenceRule.Weekday: MinuteRange])

    package struct MinuteRange: Hashable, Sendable, Codable {
        package var from: Int
        /// Exclusive; 1440 is midnight at the end of the day.
        package var to: Int

        package init(from: Int, to: Int) {
            self.from = from
            self.to = to
        }
    }
}

/// A room's limits for bookings made in LoopBooking. Meetings that come from the calendar are not refused for these:
/// the calendar system has rules of its own.
package struct BookingRules: Hashable, Sendable, Codable {
    /// How far ahead a booking may end.
    package var horizonDays: Int
    package var maximumMinutes: Int

    package init(horizonDays: Int = 365, maximumMinutes: Int = 24 * 60) {
        self.horizonDays = horizonDays
        self.maximumMinutes = maximumMinutes
    }
}
