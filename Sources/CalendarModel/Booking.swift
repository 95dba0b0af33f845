/// What LoopBooking holds: a reservation of a room.
package struct Booking: Hashable, Sendable, Codable {
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

    package var id: BookingID
    package var organization: OrganizationID
    package var room: RoomID
    package var meeting: Meeting
    package var status: Status
    /// Why it is pending, refused or cancelled, or what was changed for the person who booked; in words for people.
    package var reason: String?
    /// The days of occurrences that were left out because the room was taken then; they stand among the cancelled ones.
    package var leftOut: Set<CivilDate>
    /// Counts up by one with each change.
    package var revision: Int64
    package var origin: Side
    package var createdAt: Instant
    package var updatedAt: Instant
    /// When the present time slot was taken: the creation, or the last move. Decides "first confirmed".
    package var slotTakenAt: Instant

    package init(
        id: BookingID, organization: OrganizationID, room: RoomID, meeting: Meeting, status: Status = .confirmed,
        reason: String? = nil, leftOut: Set<CivilDate> = [], revision: Int64 = 1, origin: Side = .loopBooking,
        createdAt: Instant,
        updatedAt: Instant, slotTakenAt: Instant
    ) {
        self.id = id
        self.organization = organization
        self.room = room
        self.meeting = meeting
        self.status = status
        self.reason = reason
        self.leftOut = leftOut
        self.revision = revision
        self.origin = origin
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.slotTakenAt = slotTakenAt
    }
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
