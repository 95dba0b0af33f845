/// The part of an event that is written. What is nil is not sent, and stays as it is.
struct OutgoingEvent: Encodable, Sendable {
    var subject: String?
    var body: GraphBody?
    var start: GraphDateTime?
    var end: GraphDateTime?
    var isAllDay: Bool?
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

/// What goes with a cancellation.
struct OutgoingComment: Encodable, Sendable {
    let comment: String
}

/// What goes with a refusal: the organizer is told.
struct OutgoingRefusal: Encodable, Sendable {
    let comment: String
    let sendResponse: Bool
}
