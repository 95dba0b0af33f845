import CalendarModel

/// What the Graph stand-in has under way, beside the mailboxes themselves.
struct GraphState: Sendable {
    /// Things that happen by themselves once their time has come; looked at before each request.
    var pending: [Pending] = []
    var pendingCounter = 0
    /// Requests under way and requests made, by application and mailbox.
    var traffic: [TrafficKey: Traffic] = [:]
    /// Its own numbers, so that requests to Graph do not change what other parts of the world draw.
    var random: SeededGenerator?

    struct Pending: Sendable {
        var due: Instant
        /// Keeps things that are due at once in the order in which they were caused.
        var order: Int
        var action: Action
    }

    enum Action: Sendable {
        /// Exchange touches an item once more after a write, without changing what it says.
        case secondChangeKey(mailbox: String, item: UInt32)
        /// The booking attendant answers a meeting request.
        case attendant(mailbox: String, item: UInt32, request: MailboxContent, movedOccurrence: CivilDate?)
    }

    struct TrafficKey: Hashable, Sendable {
        var clientID: String
        var mailbox: String
    }

    struct Traffic: Sendable {
        var underWay = 0
        /// When each request of the last ten minutes came, oldest first, from `first` on.
        var times: [Instant] = []
        var first = 0
    }
}

/// Behaviour of the Graph stand-in that can be switched.
package struct GraphQuirks: Sendable, Codable, Hashable {
    /// Plain text bodies are stored as HTML, as Exchange does.
    package var textBodiesBecomeHTML = true
    /// A second POST with the same `transactionId` answers 409 instead of the event that exists. Microsoft documents
    /// neither.
    package var duplicateTransactionConflicts = false
    /// What a delegate without the mailbox' permission is told: `ErrorAccessDenied` or `DelegatedCalendarAccessDenied`
    /// (403), or `ErrorItemNotFound` (404). All three are seen in practice.
    package var missingPermissionCode = "ErrorAccessDenied"
    /// Delta does not report single occurrences that were taken out of a series, as several bug reports say.
    package var deltaHidesRemovedOccurrences = false
    /// Exchange moves an item when the attendant accepts it, which gives it another mutable id.
    package var attendantMovesItems = true
    /// How long each request takes, in milliseconds, during which it counts as under way.
    package var processingMilliseconds = 0
    /// An occurrence that the organizer cancels stays in a room's copy and says so, unless the room removes cancelled
    /// meetings. Microsoft documents it of whole meetings only.
    package var cancelledOccurrencesStay = false
    /// A tenant without rooms answers `invalid_place` instead of an empty list.
    package var noRoomsIsAnError = true

    package init() {}

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func value<Value: Decodable>(_ key: CodingKeys, _ standard: Value) throws -> Value {
            try container.decodeIfPresent(Value.self, forKey: key) ?? standard
        }
        textBodiesBecomeHTML = try value(.textBodiesBecomeHTML, true)
        duplicateTransactionConflicts = try value(.duplicateTransactionConflicts, false)
        missingPermissionCode = try value(.missingPermissionCode, "ErrorAccessDenied")
        deltaHidesRemovedOccurrences = try value(.deltaHidesRemovedOccurrences, false)
        attendantMovesItems = try value(.attendantMovesItems, true)
        processingMilliseconds = try value(.processingMilliseconds, 0)
        cancelledOccurrencesStay = try value(.cancelledOccurrencesStay, false)
        noRoomsIsAnError = try value(.noRoomsIsAnError, true)
    }
}
