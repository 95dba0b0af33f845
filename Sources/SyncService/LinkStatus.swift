import CalendarModel
import CalendarTime
import SQLStore
import SyncEngine

/// A link's condition, as pages, the REST API and commands show it.
package struct LinkStatus: Encodable, Sendable {
    package var id: String
    package var room: String
    package var resource: String
    package var connection: String
    package var condition: String
    package var writing: String
    package var clash: String
    package var content: String
    package var lastReadAt: String?
    package var settledAt: String?
    package var reader: String?
    /// What is wrong, in words; nil when nothing is.
    package var problem: Diagnosis?
    package var hold: MassDeletion?

    package init(_ record: LinkRecord, at now: Instant) {
        let link = record.link
        id = link.id.rawValue
        room = link.roomName
        resource = link.resourceAddress
        connection = record.connectionName
        condition = record.condition(at: now).rawValue
        writing = link.policy.writing.rawValue
        clash = link.policy.clash.rawValue
        content = link.policy.content.rawValue
        lastReadAt = record.lastReadAt.map { Timestamps.rfc3339($0) }
        settledAt = record.settledAt.map { Timestamps.rfc3339($0) }
        reader = record.lastPass?.reader?.rawValue
        problem = record.lastPass?.problem
        if case .held(let held) = link.state { hold = held }
    }

    /// Whether only a person can bring it on.
    package var needsPerson: Bool { hold != nil || (condition == "not certain" && problem != nil) }
}
