import Foundation

/// The part of an event that is written. What is nil is not sent, and stays as it is.
struct OutgoingEvent: Encodable, Sendable {
    var subject: String?
    var body: GraphBody?
    var start: GraphDateTime?
    var end: GraphDateTime?
    var isAllDay: Bool?
    var recurrence: OutgoingRecurrence?
    var showAs: String?
    var sensitivity: String?
    var location: GraphLocation?
    var attendees: [GraphAttendee]?
    var isReminderOn: Bool?
    var allowNewTimeProposals: Bool?
    var responseRequested: Bool?
    var transactionId: String?
    var singleValueExtendedProperties: [GraphProperty]?
}

extension OutgoingEvent {
    /// Whether nothing would be changed by writing it.
    var isEmpty: Bool { GraphClient.encoded(self) == Data("{}".utf8) }
}

/// What goes with a cancellation.
struct OutgoingComment: Encodable, Sendable {
    let comment: String
}

/// What goes with a refusal: the organizer is told.
struct OutgoingRefusal: Encodable, Sendable {
    let comment: String
    let sendResponse: Bool
}

/// Another time for a meeting, for its organizer to take up or not.
struct OutgoingProposal: Encodable, Sendable {
    let comment: String
    let sendResponse: Bool
    let proposedNewTime: Slot

    struct Slot: Encodable, Sendable {
        let start: GraphDateTime
        let end: GraphDateTime
    }
}
