import CalendarModel
import SyncEngine

/// What a page shows of a doctor's run: what needs somebody, the checks that are about no room, of each room how its checks
/// went together, and what changed since the run before. A large organization's run has thousands of findings.
package struct DoctorDigest: Hashable, Sendable, Codable {
    /// A room's checks together.
    package struct Room: Hashable, Sendable, Codable {
        package var connection: ConnectionID?
        package var address: String
        package var good: Int
        package var all: Int
        package var worst: Finding.Verdict
    }

    package struct Change: Hashable, Sendable, Codable {
        package var entry: DoctorEntry
        /// Nil: it was not checked then.
        package var before: Finding.Verdict?
    }

    /// Bad ones first, then warnings.
    package var urgent: [DoctorEntry]
    package var others: [DoctorEntry]
    package var rooms: [Room]
    /// Whether there was a run before.
    package var hasEarlier: Bool
    package var changes: [Change]
    /// What was checked then and is not any more.
    package var gone: [DoctorEntry]
    /// How many urgent entries and changes there are beyond those kept here.
    package var furtherUrgent = 0
    package var furtherChanges = 0

    /// So many of each kind are kept.
    private static let most = 100

    /// - Parameter states: how the checks stood before the run; nil when that is not known.
    package init(_ run: DoctorRun, after states: [DoctorCheckState]?) {
        let bad = run.entries.filter { $0.finding.verdict == .bad }
        let urgent = bad + run.entries.filter { $0.finding.verdict == .warning }
        self.urgent = Array(urgent.prefix(Self.most))
        furtherUrgent = max(0, urgent.count - Self.most)
        others = run.entries.filter { !$0.finding.isAboutRoom }
        rooms = Self.rooms(run.entries.filter(\.finding.isAboutRoom))
        let known = Dictionary((states ?? []).map { ($0.key, $0.finding.verdict) }, uniquingKeysWith: { $1 })
        hasEarlier = !known.isEmpty
        guard hasEarlier else {
            changes = []
            gone = []
            return
        }
        let changed = run.entries.compactMap { entry -> Change? in
            let before = known[entry.key]
            return before == entry.finding.verdict ? nil : Change(entry: entry, before: before)
        }
        let names = Dictionary(
            run.entries.compactMap { entry in entry.connection.flatMap { id in entry.connectionName.map { (id, $0) } }
            },
            uniquingKeysWith: { $1 })
        let present = Set(run.entries.map(\.key))
        let lost = (states ?? []).filter { !present.contains($0.key) }.map { state in
            DoctorEntry(
                connection: state.key.connection, connectionName: state.key.connection.flatMap { names[$0] },
                finding: state.finding)
        }
        changes = Array(changed.prefix(Self.most))
        gone = Array(lost.prefix(Self.most))
        furtherChanges = changed.count - changes.count + lost.count - gone.count
    }

    private static func rooms(_ entries: [DoctorEntry]) -> [Room] {
        var order: [String] = []
        var rooms: [String: Room] = [:]
        for entry in entries {
            let address = entry.finding.subject.lowercased()
            let key = "\(entry.connection?.rawValue ?? "") \(address)"
            let verdict = entry.finding.verdict
            if rooms[key] == nil { order.append(key) }
            var room =
                rooms[key]
                ?? Room(
                    connection: entry.connection, address: address, good: 0, all: 0, worst: .good)
            room.all += 1
            if verdict == .good { room.good += 1 }
            room.worst = verdict.urgency < room.worst.urgency ? verdict : room.worst
            rooms[key] = room
        }
        return order.compactMap { rooms[$0] }
    }
}

extension Finding {
    /// Whether it is about one room, not about the connection or the installation.
    package var isAboutRoom: Bool { check.hasPrefix("room.") }
}

extension Finding.Verdict {
    /// What needs somebody first is smallest.
    fileprivate var urgency: Int {
        switch self {
        case .bad: 0
        case .warning: 1
        case .notChecked: 2
        case .good: 3
        }
    }
}
