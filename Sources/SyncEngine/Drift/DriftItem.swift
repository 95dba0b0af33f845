import CalendarModel

/// One place where the two sides of a link are not what they should be, although nothing is on its way.
package struct DriftItem: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// An event holds the room, and LoopBooking has no booking for it.
        case missingHere
        /// A booking holds the room, and the calendar has no event for it.
        case missingThere
        /// Both stand, with different values of one field.
        case differs
        /// Both series stand, and one occurrence is not the same.
        case differsInOccurrence
        /// They are remembered as one meeting, and neither holds the room.
        case stalePairing
        /// Something in the calendar could not be understood.
        case unreadable
    }

    /// The same for the same finding in another check.
    package var id: String
    package var kind: Kind
    package var booking: BookingID?
    package var event: EventID?
    package var pairing: PairingID?
    package var field: MeetingField?
    package var occurrence: WallTime?
    /// What was found, for people; no content that the link's policy hides, none of private meetings.
    package var sentence: String
    /// The value in LoopBooking; nil when there is none or it must not be repeated.
    package var here: String?
    /// The value in the calendar.
    package var there: String?

    package init(
        _ kind: Kind, booking: BookingID? = nil, event: EventID? = nil, pairing: PairingID? = nil,
        field: MeetingField? = nil, occurrence: WallTime? = nil, sentence: String, here: String? = nil,
        there: String? = nil
    ) {
        self.kind = kind
        self.booking = booking
        self.event = event
        self.pairing = pairing
        self.field = field
        self.occurrence = occurrence
        self.sentence = sentence
        self.here = here
        self.there = there
        let parts = [
            kind.rawValue, booking?.rawValue, event?.rawValue, pairing?.rawValue, field?.rawValue,
            occurrence?.description,
        ]
        id = String(Fingerprint.of(parts.map { $0 ?? "" }).hex.prefix(10))
    }
}

/// How one comparison of a link's whole window went.
package struct DriftReport: Hashable, Sendable, Codable {
    package enum Occasion: String, Hashable, Sendable, Codable {
        case scheduled, asked
    }

    package var id: String
    package var link: LinkID
    package var occasion: Occasion
    package var startedAt: Instant
    package var finishedAt: Instant
    package var window: TimeSpan
    /// How many were compared.
    package var bookings: Int
    package var events: Int
    /// Changes that came too late for the last pass; they are on their way and not counted as drift.
    package var underWay: Int
    /// What people should know about how it was read.
    package var remarks: [String]
    /// Why nothing could be compared, when that was so.
    package var failure: Diagnosis?
    package var items: [DriftItem]

    package init(id: String, link: LinkID, occasion: Occasion, startedAt: Instant, window: TimeSpan) {
        self.id = id
        self.link = link
        self.occasion = occasion
        self.startedAt = startedAt
        self.window = window
        finishedAt = startedAt
        bookings = 0
        events = 0
        underWay = 0
        remarks = []
        items = []
    }
}
