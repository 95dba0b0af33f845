import CalendarModel
import CalendarTime

/// One item of a calendar: a single event, or a series with what differs from its rule.
struct MailboxItem: Sendable {
    let number: UInt32
    /// How often Exchange moved the item; part of its mutable id.
    var moves: UInt16 = 0
    /// A global object id in hexadecimal; the same on the organizer's and on the attendees' copies.
    let uid: String
    /// The mailbox' sequence number at the last change.
    var change = 0
    var changeKey = 0
    let createdAt: Instant
    var modifiedAt: Instant
    var content: MailboxContent
    var series: MailboxSeries?
    var organizer: MailboxPerson
    var isOrganizer: Bool
    var response: MailboxResponse
    var isCancelled = false
    var transactionID: String?
    /// What the POST that made it said, to recognise a repetition.
    var extendedProperties: [String: String] = [:]
    /// On an attendee's copy: what the organizer sent, before the booking attendant rewrites it.
    var request: MailboxContent?
    /// On an attendee's copy: the recurrence that the organizer sent; the attendant may have shortened it since.
    var requestRecurrence: MailboxRecurrence?
    /// A further change key is on its way.
    var awaitsSecondChangeKey = false

    func identifier(in mailbox: UInt64, occurrence: CivilDate? = nil, immutable: Bool = true) -> GraphIdentifier {
        GraphIdentifier(mailbox: mailbox, item: number, moves: immutable ? nil : moves, occurrence: occurrence)
    }

    /// Whether the item keeps others out of its time.
    func holdsRoom(_ content: MailboxContent) -> Bool {
        !isCancelled && content.text("showAs") != "free" && response.kind != "declined"
    }
}

struct MailboxPerson: Hashable, Sendable {
    var name: String
    var address: String
}

/// What somebody answered. `kind` is one of Graph's response types.
struct MailboxResponse: Hashable, Sendable {
    var kind: String
    var at: Instant?
}

/// A wall time in the zone it was written in.
struct ZonedTime: Hashable, Sendable {
    /// A zone under the name that the client used, Windows or IANA.
    struct Zone: Hashable, Sendable {
        var name: String
        var id: ZoneID

        static let utc = Zone(name: "UTC", id: .utc)

        /// A zone that somebody's program gave by its rules. Exchange keeps those, and Graph calls all such zones the same.
        static func custom(_ id: ZoneID) -> Zone { Zone(name: "tzone://Microsoft/Custom", id: id) }

        init(name: String, id: ZoneID) {
            self.name = name
            self.id = id
        }

        /// nil for a name that Exchange would not know.
        init?(named name: String) {
            guard case .zone(let id) = Zones.fromVendor(name) else { return nil }
            self.init(name: name, id: id)
        }
    }

    let wall: WallTime
    let zone: Zone
    /// In the hour that autumn repeats the wall time alone does not say which of the two is meant.
    let instant: Instant

    /// The same instant on a clock in another zone.
    func shown(in other: Zone) -> ZonedTime {
        guard other.id != zone.id else { return ZonedTime(wall: wall, zone: other, instant: instant) }
        return ZonedTime(instant, in: other)
    }

    /// As a client writes it: in the repeated hour the first time is meant.
    init(wall: WallTime, zone: Zone) {
        self.init(wall: wall, zone: zone, instant: Zones.instant(of: wall, in: zone.id) ?? Instant(microseconds: 0))
    }

    init(wall: WallTime, zone: Zone, instant: Instant) {
        self.wall = wall
        self.zone = zone
        self.instant = instant
    }

    init(_ instant: Instant, in zone: Zone) {
        wall =
            Zones.wallTime(of: instant, in: zone.id)
            ?? WallTime(date: CivilDate(year: 1, month: 1, day: 1), hour: 0, minute: 0)
        self.zone = zone
        self.instant = instant
    }
}
