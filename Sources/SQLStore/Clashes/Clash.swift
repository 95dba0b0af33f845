import CalendarModel
import LoopBooking
import SyncEngine

/// A clash as it lies on the desk: two meetings that want one room at one time, what became of them, and what somebody
/// decided. The meetings' content is not in it; it is read where it stands, as far as it may be shown.
package struct Clash: Hashable, Sendable {
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// The link's policy gave the slot to one of them; nobody looked at it yet.
        case open
        case decided
        /// Somebody decided and took it back.
        case undone
        /// It solved itself; `closing` says how.
        case closed
    }

    /// The two meetings. A has the room by the link's policy, B lost it.
    package enum Party: String, Hashable, Sendable, Codable, CaseIterable {
        case a, b

        package var other: Party { self == .a ? .b : .a }
    }

    package var id: ClashID
    package var link: LinkID
    /// The winner is A, the loser is B.
    package var note: ClashNote
    /// What the loser was told.
    package var reason: String
    package var firstAt: Instant
    /// When the engine last met it.
    package var lastAt: Instant
    package var state: State
    package var file: File

    package init(
        id: ClashID, link: LinkID, note: ClashNote, reason: String, firstAt: Instant, lastAt: Instant, state: State,
        file: File
    ) {
        self.id = id
        self.link = link
        self.note = note
        self.reason = reason
        self.firstAt = firstAt
        self.lastAt = lastAt
        self.state = state
        self.file = file
    }

    /// What the desk keeps with a clash.
    package struct File: Hashable, Sendable, Codable {
        /// The loser's booking right after it had lost.
        package var lostBooking: BookingStanding?
        /// The loser's event right before it was marked or declined, without what the link's policy hides.
        package var lostEvent: ObservedEvent?
        /// Why it is closed.
        package var closing: String?
        package var decision: Decision?
        /// What is left to do in the calendar, by the link's next pass.
        package var errands: [Errand] = []

        package init() {}
    }

    package struct Decision: Hashable, Sendable, Codable {
        /// Who has the room now.
        package var kept: Party
        /// The other's new room.
        package var movedTo: RoomID?
        package var movedToName: String?
        /// The booking made there.
        package var booked: BookingID?
        package var authorKind: String
        package var author: String
        package var at: Instant
        /// What stood of the bookings before, and what the decision made of them.
        package var before: [BookingStanding]
        package var after: [BookingStanding]
        /// The event of the meeting that gave the room up, as it stood before.
        package var releasedEvent: ObservedEvent?
        /// What a person still has to do.
        package var remark: String?
        package var undoneAt: Instant?
        package var undoneBy: String?

        package init(kept: Party, by author: ChangeAuthor, at: Instant) {
            self.kept = kept
            authorKind = author.kind
            self.author = author.name
            self.at = at
            before = []
            after = []
        }
    }

    /// Something to be done to an event in the room's own calendar.
    package struct Errand: Hashable, Sendable, Codable {
        package var event: EventID
        /// The event as it stood before it lost its slot.
        package var before: ObservedEvent
        /// Set when the event only gets another reason; otherwise it is shown as booked again.
        package var reason: String?

        package init(event: EventID, before: ObservedEvent, reason: String? = nil) {
            self.event = event
            self.before = before
            self.reason = reason
        }
    }

    package func party(_ party: Party) -> ClashNote.Party { party == .a ? note.winner : note.loser }

    /// When both meetings are over.
    package var end: Instant { max(note.winner.span.end, note.loser.span.end) }
}

extension Clash {
    static let columns = """
        clashes.id AS id, clashes.link AS link, clashes.content AS content, clashes.at_us AS at_us,
            clashes.first_us AS first_us, clashes.state AS state, clashes.desk AS desk
        """

    init(_ row: SQLRow) throws {
        let record = try StoredJSON.value(ClashRecord.self, from: row.text("content"), column: "content")
        guard let state = State(rawValue: try row.text("state")) else {
            throw SQLError.unexpectedValue(column: "state")
        }
        let at = Instant(microseconds: try row.integer("at_us"))
        self.init(
            id: ClashID(try row.text("id")), link: LinkID(try row.text("link")), note: record.note,
            reason: record.reason, firstAt: try row.optionalInteger("first_us").map(Instant.init(microseconds:)) ?? at,
            lastAt: at, state: state,
            file: try row.optionalText("desk").map { try StoredJSON.value(File.self, from: $0, column: "desk") }
                ?? File())
    }
}
