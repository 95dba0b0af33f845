import CalendarModel

/// One entry of the change feed: what happened to a booking, who did it and why. Written in the transaction of the
/// change itself, never altered and never removed.
package struct BookingChangeRecord: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case created, changed, moved, cancelled, refused, confirmed
        /// The slot is held, but the answer became open again.
        case pending
    }

    /// Counts up by one within the organization, without gaps.
    package var position: Int64
    package var organization: OrganizationID
    package var booking: BookingID
    package var room: RoomID
    package var kind: Kind
    /// The booking's revision after the change.
    package var revision: Int64
    /// The booking's time after the change.
    package var span: TimeSpan
    /// What became different; everything for a new booking.
    package var fields: Set<MeetingField>
    /// The occurrences of a series that the change was about, in order; empty when it was about the booking as a whole.
    package var occurrences: [OccurrenceNote]
    package var author: ChangeAuthor
    package var at: Instant
    package var reason: String?

    package init(
        position: Int64, organization: OrganizationID, booking: BookingID, room: RoomID, kind: Kind, revision: Int64,
        span: TimeSpan, fields: Set<MeetingField>, occurrences: [OccurrenceNote] = [], author: ChangeAuthor,
        at: Instant, reason: String?
    ) {
        self.position = position
        self.organization = organization
        self.booking = booking
        self.room = room
        self.kind = kind
        self.revision = revision
        self.span = span
        self.fields = fields
        self.occurrences = occurrences
        self.author = author
        self.at = at
        self.reason = reason
    }
}

/// What happened to one occurrence of a series.
package struct OccurrenceNote: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case cancelled, changed, moved
        /// It is again as the series has it.
        case restored
    }

    package var original: WallTime
    package var kind: Kind

    package init(original: WallTime, kind: Kind) {
        self.original = original
        self.kind = kind
    }
}

/// Who made a change.
package enum ChangeAuthor: Hashable, Sendable {
    case person(String)
    case apiToken(String)
    case sync(LinkID)
    /// LoopBooking itself, when an endless series goes on.
    case loopBooking

    /// A word for the kind of author, for the database and the API.
    package var kind: String {
        switch self {
        case .person: "person"
        case .apiToken: "apiToken"
        case .sync: "sync"
        case .loopBooking: "loopBooking"
        }
    }

    package var name: String {
        switch self {
        case .person(let name), .apiToken(let name): name
        case .sync(let link): link.rawValue
        case .loopBooking: "LoopBooking"
        }
    }

    package init?(kind: String, name: String) {
        switch kind {
        case "person": self = .person(name)
        case "apiToken": self = .apiToken(name)
        case "sync": self = .sync(LinkID(name))
        case "loopBooking": self = .loopBooking
        default: return nil
        }
    }
}
