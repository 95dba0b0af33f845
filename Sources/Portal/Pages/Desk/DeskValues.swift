import CalendarModel
import CalendarTime
import SQLStore
import SyncEngine

/// Small things that all pages of the desk show alike.
extension PageRequest {
    /// Times in the visitor's language, in a room's zone.
    func times(in zone: ZoneID) -> TimeWriter { TimeWriter(language.times, zone: zone) }

    /// What the visitor may do here, for templates that show buttons: `{{#may.desk}}…`.
    var may: JSONValue {
        .object(
            Dictionary(
                uniqueKeysWithValues: Permission.allCases.map { ($0.rawValue, .bool(permissions.contains($0))) }))
    }

    /// A link's condition as a status mark.
    func status(_ condition: LinkRecord.Condition) -> JSONValue {
        mark(condition.name, icon: condition.icon, words["condition.\(condition.name)"])
    }

    func mark(_ kind: String, icon: String, _ word: String) -> JSONValue {
        ["kind": .string(kind), "icon": .string(icon), "word": .string(word)]
    }

    /// A fault: what happened, what it means, what to do.
    func problem(_ diagnosis: Diagnosis) -> JSONValue { self.diagnosis(diagnosis) }
}

extension Language {
    var times: TimeWriter.Language { self == .norwegian ? .norwegian : .english }
}

extension LinkRecord.Condition {
    /// As style sheets, words and addresses call it.
    var name: String {
        switch self {
        case .inSync: "inSync"
        case .catchingUp: "catchingUp"
        case .notCertain: "notCertain"
        case .stopped: "stopped"
        case .paused: "paused"
        }
    }

    var icon: String {
        switch self {
        case .inSync: "in-sync"
        case .catchingUp: "catching-up"
        case .notCertain: "not-certain"
        case .stopped: "stopped"
        case .paused: "paused"
        }
    }

    /// What needs somebody comes first.
    var urgency: Int {
        switch self {
        case .stopped: 0
        case .notCertain: 1
        case .catchingUp: 2
        case .paused: 3
        case .inSync: 4
        }
    }
}
