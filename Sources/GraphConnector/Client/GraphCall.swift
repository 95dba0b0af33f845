import CalendarModel
import Foundation
import HTTPTransport

/// One call to Graph, before token and common headers.
struct GraphCall: Sendable {
    /// What it is for, such as `events.create`: a metric label, from a bounded set.
    var operation: String
    var method: HTTPCall.Method
    /// Relative to the version (`/users/…`), or a whole link that Graph gave.
    var target: String
    /// Whose limits it counts against.
    var mailbox: String
    var pageSize: Int?
    var ifMatch: Version?
    var body: Data?
    /// Whether making it twice is as good as once.
    var isRepeatable: Bool
    /// How many calls Graph counts it as.
    var weight = 1
    /// Whether it may change something: a batch of reads is posted, and changes nothing.
    var isWrite: Bool

    init(
        _ operation: String, _ method: HTTPCall.Method = .get, _ target: String, mailbox: String, pageSize: Int? = nil,
        ifMatch: Version? = nil, body: Data? = nil, isRepeatable: Bool = true, weight: Int = 1
    ) {
        self.operation = operation
        self.method = method
        self.target = target
        self.mailbox = mailbox
        self.pageSize = pageSize
        self.ifMatch = ifMatch
        self.body = body
        self.isRepeatable = isRepeatable
        self.weight = weight
        isWrite = method != .get
    }

    /// Preferences that every call carries: ids that survive moves, times in UTC, bodies as text.
    static func preferences(pageSize: Int?) -> String {
        var tokens = [
            #"IdType="ImmutableId""#, #"outlook.timezone="UTC""#, #"outlook.body-content-type="text""#,
        ]
        if let pageSize { tokens.append("odata.maxpagesize=\(pageSize)") }
        return tokens.joined(separator: ", ")
    }
}

/// Paths of a mailbox.
enum GraphPath {
    static func user(_ address: String) -> String { "/users/\(WebText.segment(address))" }

    static func calendar(_ address: String) -> String { "\(user(address))/calendar" }

    static func event(_ id: EventID, in address: String) -> String {
        "\(user(address))/events/\(WebText.segment(id.rawValue))"
    }
}
