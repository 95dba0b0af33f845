import CalendarModel
import CalendarTime
import SQLStore
import SyncEngine

/// A link's condition, as commands show it.
struct LinkStatus: Encodable {
    var id: String
    var room: String
    var resource: String
    var connection: String
    var condition: String
    var writing: String
    var clash: String
    var content: String
    var lastReadAt: String?
    var settledAt: String?
    var reader: String?
    /// What is wrong, in words; nil when nothing is.
    var problem: Diagnosis?
    var hold: MassDeletion?

    init(_ record: LinkRecord, at now: Instant) {
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
        problem = record.lastPass?.failure ?? record.lastPass?.steps.compactMap(\.failure).first
        if case .held(let held) = link.state { hold = held }
    }

    /// Whether only a person can bring it on.
    var needsPerson: Bool { hold != nil || (condition == "not certain" && problem != nil) }
}
