import CalendarModel
import SyncEngine

/// One thing that switching a room on would do, as people may be shown it: what a private meeting is about is not in it.
package struct PreviewItem: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// The same meeting stands on both sides; it becomes one.
        case same
        /// A booking that would be written into the calendar.
        case writeEvent
        /// An event that would become a booking.
        case takeBooking
        /// Something about a meeting that is on both sides would change on one of them.
        case change
        /// Two meetings want the room; one of them loses it.
        case clash
        /// Anything else, told in its own words.
        case other
    }

    /// One meeting of an item.
    package struct Meeting: Hashable, Sendable, Codable {
        package var side: Side
        package var title: String
        package var organizer: String?
        package var span: TimeSpan
        package var isAllDay: Bool
        package var isSeries: Bool
        package var booking: BookingID?
        package var event: EventID?

        package init(
            side: Side, title: String, organizer: String?, span: TimeSpan, isAllDay: Bool, isSeries: Bool,
            booking: BookingID?, event: EventID?
        ) {
            self.side = side
            self.title = title
            self.organizer = organizer
            self.span = span
            self.isAllDay = isAllDay
            self.isSeries = isSeries
            self.booking = booking
            self.event = event
        }
    }

    package struct FreeRoom: Hashable, Sendable, Codable {
        package var id: RoomID
        package var name: String
    }

    /// What somebody can decide. `take`, `write`, `keepA` and the like are what happens without a decision.
    package enum Choice: Hashable, Sendable {
        case write, cancelBooking
        case take, decline
        case keepA, keepB
        /// The booking among the two goes to another room.
        case move(RoomID)
        /// The field's value on that side stands.
        case value(Side)

        /// As it is kept and sent.
        package var word: String {
            switch self {
            case .write: "write"
            case .cancelBooking: "cancel"
            case .take: "take"
            case .decline: "decline"
            case .keepA: "keepA"
            case .keepB: "keepB"
            case .move(let room): "move:\(room)"
            case .value(let side): side == .loopBooking ? "loopBooking" : "calendar"
            }
        }
    }

    /// The same for the same thing as long as it stays as it is.
    package var id: String
    package var kind: Kind
    /// The engine's name for what it does, such as `event.create`.
    package var action: String
    /// Of a clash the meeting that has the room by the link's policy.
    package var a: Meeting
    /// Of a clash the meeting that loses it.
    package var b: Meeting?
    /// Why, in the engine's own words.
    package var reason: String
    /// What differs, of a change.
    package var fields: [MeetingField]
    /// Of a series, how many of its occurrences are meant; 0 when all are.
    package var occurrences: Int
    package var notes: [ClashNote]
    /// Where the booking among the two could go.
    package var freeRooms: [FreeRoom]
    /// Whether a change can be turned round by taking the calendar's value.
    package var isTurnable: Bool

    package init(
        id: String, kind: Kind, action: String, a: Meeting, b: Meeting? = nil, reason: String = "",
        fields: [MeetingField] = [], occurrences: Int = 0, notes: [ClashNote] = [], freeRooms: [FreeRoom] = [],
        isTurnable: Bool = false
    ) {
        self.id = id
        self.kind = kind
        self.action = action
        self.a = a
        self.b = b
        self.reason = reason
        self.fields = fields
        self.occurrences = occurrences
        self.notes = notes
        self.freeRooms = freeRooms
        self.isTurnable = isTurnable
    }

    /// The meeting that stands in LoopBooking and could be cancelled or moved there.
    package var booking: Meeting? {
        [a, b].compactMap { $0 }.first { $0.side == .loopBooking && $0.booking != nil }
    }

    package var choices: [Choice] {
        switch kind {
        case .same, .other: []
        case .takeBooking: [.take, .decline]
        case .writeEvent: [.write, .cancelBooking]
        case .change: isTurnable ? [.value(.loopBooking), .value(.calendar)] : []
        case .clash: [.keepA, .keepB] + freeRooms.map { .move($0.id) }
        }
    }

    package func choice(_ word: String) -> Choice? { choices.first { $0.word == word } }
}

/// What would happen to one room.
package struct RoomPreview: Hashable, Sendable, Codable {
    package var items: [PreviewItem] = []
    /// How many items there are beyond those kept.
    package var further = 0
    /// Why the room could not be looked at.
    package var failure: Diagnosis?

    /// So many are kept of one room.
    static let most = 2000

    package init() {}

    package var counts: PreviewCounts {
        var counts = PreviewCounts()
        for item in items { counts.byKind[item.kind.rawValue, default: 0] += 1 }
        counts.further = further
        counts.failure = failure?.summary
        return counts
    }
}

package struct PreviewCounts: Hashable, Sendable, Codable {
    package var byKind: [PreviewItem.Kind.RawValue: Int] = [:]
    package var further = 0
    package var failure: String?

    package init() {}

    package func count(_ kind: PreviewItem.Kind) -> Int { byKind[kind.rawValue] ?? 0 }

    /// How many meetings the link will keep together.
    package var meetings: Int { count(.same) + count(.writeEvent) + count(.takeBooking) + further }

    package static func + (left: PreviewCounts, right: PreviewCounts) -> PreviewCounts {
        var sum = left
        sum.byKind.merge(right.byKind, uniquingKeysWith: +)
        sum.further += right.further
        return sum
    }
}
