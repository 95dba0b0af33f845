import CalendarModel

/// What comparing base, bookings and events comes to: operations in the order in which they are to be done, or the reason
/// why nothing may be done.
package struct Plan: Hashable, Sendable {
    package var operations: [Operation]
    /// Set when the link must stop and ask; then nothing that cancels is planned.
    package var hold: MassDeletion?

    package init(operations: [Operation] = [], hold: MassDeletion? = nil) {
        self.operations = operations
        self.hold = hold
    }

    package var isEmpty: Bool { operations.isEmpty && hold == nil }
    /// Operations that write to one of the sides; the others only record what was seen.
    package var writes: [Operation] { operations.filter { $0.action.side != nil } }
}

/// One step of a plan with its reason in words.
package struct Operation: Hashable, Sendable, Codable {
    package var action: Action
    /// Why, in one sentence for people; names no private content.
    package var reason: String
    /// Who loses which slot to whom by it: both meetings, for those who decide.
    package var clashes: [ClashNote]

    package init(_ action: Action, because reason: String, clashes: [ClashNote] = []) {
        self.action = action
        self.reason = reason
        self.clashes = clashes
    }

    package enum Action: Hashable, Sendable, Codable {
        case createEvent(CreateEvent)
        case updateEvent(UpdateEvent)
        case cancelEvent(CancelEvent)
        case declineEvent(DeclineEvent)
        case proposeTime(ProposeTime)
        case createBooking(CreateBooking)
        case updateBooking(UpdateBooking)
        case setBookingStatus(SetBookingStatus)
        /// Ask what the room answered to our invitation.
        case askRoom(pairing: PairingID, organizerEvent: EventID)
        /// Record that a booking and an event, both there already, are the same meeting.
        case adopt(booking: BookingID, event: EventID)
        /// Record that the room's copy of our invitation arrived.
        case attach(pairing: PairingID, event: EventID)
        /// Record both sides as they stand as what they agree on.
        case settle(pairing: PairingID)
        /// Record that the meeting is over with on both sides.
        case end(pairing: PairingID)
    }

    package struct CreateEvent: Hashable, Sendable, Codable {
        package var booking: BookingID
        package var bookingRevision: Int64
        /// What to write.
        package var meeting: Meeting
        /// The booking's content that it stands for.
        package var bookingMeeting: Meeting
        package var mode: WritingMode
    }

    package struct UpdateEvent: Hashable, Sendable, Codable {
        package var pairing: PairingID?
        package var reference: EventReference
        package var version: Version?
        package var meeting: Meeting
        package var parts: MeetingParts
        /// The booking's parts that the write brings across, with their values.
        package var bookingParts: MeetingParts
        package var bookingMeeting: Meeting?
    }

    package struct CancelEvent: Hashable, Sendable, Codable {
        package var pairing: PairingID
        package var reference: EventReference
        package var version: Version?
        package var comment: String
    }

    package struct DeclineEvent: Hashable, Sendable, Codable {
        package var pairing: PairingID?
        package var event: EventID
        /// Set when one occurrence of a series is declined, the others not.
        package var occurrence: WallTime?
        package var comment: String
    }

    package struct ProposeTime: Hashable, Sendable, Codable {
        package var pairing: PairingID
        package var event: EventID
        package var occurrence: WallTime?
        package var time: MeetingTime
        package var comment: String
    }

    package struct CreateBooking: Hashable, Sendable, Codable {
        package var event: EventID
        /// The event as it was planned for; nil in intents of older versions.
        package var eventMeeting: Meeting?
        package var eventVersion: Version?
        package var meeting: Meeting
        package var slotTakenAt: Instant
    }

    package struct UpdateBooking: Hashable, Sendable, Codable {
        package var pairing: PairingID?
        package var booking: BookingID
        package var revision: Int64
        package var meeting: Meeting
        package var parts: MeetingParts
        /// The event's content that it brings across; nil when the booking is put back to what was agreed.
        package var eventMeeting: Meeting?
        /// Occurrences that have changes of the booking's own besides, which are still to cross, with what is agreed on
        /// without them.
        package var unfinished: [WallTime: OccurrenceChange]?
    }

    package struct SetBookingStatus: Hashable, Sendable, Codable {
        package var booking: BookingID
        package var revision: Int64
        package var status: Booking.Status
    }
}

extension Operation.Action {
    /// The side that the operation writes to; nil when it only records or asks.
    package var side: Side? {
        switch self {
        case .createEvent, .updateEvent, .cancelEvent, .declineEvent, .proposeTime: .calendar
        case .createBooking, .updateBooking, .setBookingStatus: .loopBooking
        case .askRoom, .adopt, .attach, .settle, .end: nil
        }
    }

    /// A stable name from a bounded set, for journals and metrics.
    package var name: String {
        switch self {
        case .createEvent: "event.create"
        case .updateEvent: "event.update"
        case .cancelEvent: "event.cancel"
        case .declineEvent: "event.decline"
        case .proposeTime: "event.propose"
        case .createBooking: "booking.create"
        case .updateBooking: "booking.update"
        case .setBookingStatus(let change): "booking.\(change.status.rawValue)"
        case .askRoom: "event.askRoom"
        case .adopt: "pairing.adopt"
        case .attach: "pairing.attach"
        case .settle: "pairing.settle"
        case .end: "pairing.end"
        }
    }

    /// The thing a write is about. Two writes of one name about one subject are the same intent, and share a key.
    package var subject: String {
        switch self {
        case .createEvent(let create): create.booking.rawValue
        case .updateEvent(let update): (update.reference.event ?? update.reference.organizerEvent)?.rawValue ?? ""
        case .cancelEvent(let cancel): (cancel.reference.event ?? cancel.reference.organizerEvent)?.rawValue ?? ""
        case .declineEvent(let decline): Self.subject(decline.event, decline.occurrence)
        case .proposeTime(let propose): Self.subject(propose.event, propose.occurrence)
        case .createBooking(let create): create.event.rawValue
        case .updateBooking(let update): update.booking.rawValue
        case .setBookingStatus(let change): change.booking.rawValue
        case .askRoom(let pairing, _), .attach(let pairing, _), .settle(let pairing), .end(let pairing):
            pairing.rawValue
        case .adopt(let booking, _): booking.rawValue
        }
    }

    private static func subject(_ event: EventID, _ occurrence: WallTime?) -> String {
        event.rawValue + (occurrence.map { " \($0)" } ?? "")
    }
}

/// Two meetings that wanted the same room at the same time, for the people who decide.
package struct ClashNote: Hashable, Sendable, Codable {
    /// The meeting that keeps the slot.
    package var winner: Party
    package var loser: Party

    package init(winner: Party, loser: Party) {
        self.winner = winner
        self.loser = loser
    }

    package struct Party: Hashable, Sendable, Codable {
        package var origin: Side
        package var booking: BookingID?
        package var event: EventID?
        /// Set when it is one occurrence of a series.
        package var occurrence: WallTime?
        package var span: TimeSpan

        package init(
            origin: Side, booking: BookingID? = nil, event: EventID? = nil, occurrence: WallTime? = nil, span: TimeSpan
        ) {
            self.origin = origin
            self.booking = booking
            self.event = event
            self.occurrence = occurrence
            self.span = span
        }
    }
}
