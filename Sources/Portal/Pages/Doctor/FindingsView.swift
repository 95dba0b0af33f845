import CalendarModel
import SQLStore
import SyncEngine

/// Findings for templates: what needs somebody first, then each connection's checks, then its rooms, one line a room.
struct FindingsView {
    let request: PageRequest
    let moments: MomentWords
    private let states: [DoctorCheckKey: DoctorCheckState]

    /// - Parameter states: how the checks stand now; empty for an earlier run.
    init(_ request: PageRequest, states: [DoctorCheckState]) async throws {
        self.request = request
        moments = try await request.moments()
        self.states = Dictionary(states.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
    }

    static let nothing: [String: JSONValue] = [
        "tiles": .null, "needs": .null, "groups": .null, "rooms": .null, "hasRooms": false, "hasNeeds": false,
    ]

    func values(_ run: DoctorRun, links: [LinkRecord]) -> [String: JSONValue] {
        let urgent =
            run.entries.filter { $0.finding.verdict == .bad } + run.entries.filter { $0.finding.verdict == .warning }
        let others = run.entries.filter { !Self.isAboutRoom($0.finding) }
        let connections = others.reduce(into: [ConnectionID?]()) { known, entry in
            if !known.contains(entry.connection) { known.append(entry.connection) }
        }
        let rooms = rooms(run, links)
        return [
            "tiles": .array(
                [Finding.Verdict.bad, .warning, .good, .notChecked].map { verdict in
                    ["status": request.verdict(verdict), "count": .integer(Int64(run.count(verdict)))]
                }),
            "hasNeeds": .bool(!urgent.isEmpty), "needs": .array(urgent.map(finding)),
            "groups": .array(
                connections.enumerated().map { index, connection in
                    let entries = others.filter { $0.connection == connection }
                    return [
                        "id": .string("group-\(index)"),
                        "name": .string(entries.first?.connectionName ?? request.words["doctor.installation"]),
                        "findings": .array(entries.map(finding)),
                    ]
                }),
            "hasRooms": .bool(!rooms.isEmpty), "rooms": .array(rooms),
        ]
    }

    static func isAboutRoom(_ finding: Finding) -> Bool { finding.check.hasPrefix("room.") }

    static func isAbout(_ entry: DoctorEntry, _ link: Link) -> Bool {
        isAboutRoom(entry.finding) && entry.connection == link.connection
            && entry.finding.subject.lowercased() == link.resourceAddress.lowercased()
    }

    private func rooms(_ run: DoctorRun, _ links: [LinkRecord]) -> [JSONValue] {
        let byRoom = Dictionary(grouping: run.entries.filter { Self.isAboutRoom($0.finding) }) { entry in
            "\(entry.connection?.rawValue ?? "") \(entry.finding.subject.lowercased())"
        }
        return links.compactMap { record in
            let link = record.link
            guard let entries = byRoom["\(link.connection) \(link.resourceAddress.lowercased())"] else { return nil }
            let verdicts = Set(entries.map(\.finding.verdict))
            let worst = [Finding.Verdict.bad, .warning, .notChecked, .good].first(where: verdicts.contains) ?? .good
            let good = entries.count { $0.finding.verdict == .good }
            return [
                "name": .string(link.roomName), "resource": .string(link.resourceAddress),
                "path": .optional(try? request.path("doctor/links/\(Form.encoded(link.id.rawValue))")),
                "status": request.verdict(worst),
                "count": .string(
                    request.words("doctor.count", ["good": String(good), "all": String(entries.count)])),
            ]
        }
    }

    func finding(_ entry: DoctorEntry) -> JSONValue {
        let finding = entry.finding
        let state = states[entry.key]
        let diagnosis = finding.diagnosis
        // Evidence that only repeats the diagnosis is said once.
        let repeats = diagnosis?.summary == finding.evidence
        return [
            "title": .string(name(of: finding.check)),
            "subject": .optional(finding.subject.isEmpty ? nil : finding.subject),
            "connection": .optional(entry.connectionName), "status": request.verdict(finding.verdict),
            "evidence": repeats ? .null : request.phrase(finding.evidence), "diagnosis": request.diagnosis(diagnosis),
            // With a diagnosis the step stands there.
            "step": diagnosis?.step == nil && finding.verdict != .good
                ? .optional(finding.step.map(request.manualStep)) : .null,
            "since": finding.verdict == .good ? .null : moments.values(state?.since),
            // A warning works, too: it has no time at which it did last.
            "lastGood": finding.verdict == .bad ? moments.values(state?.lastGoodAt) : .null,
        ]
    }

    func change(_ change: DoctorDifference.Change) -> JSONValue {
        [
            "title": .string(title(of: change.entry)), "now": request.verdict(change.entry.finding.verdict),
            "before": change.before.map(request.verdict) ?? .null,
        ]
    }

    /// A check with what it is about.
    func title(of entry: DoctorEntry) -> String {
        let place = [entry.connectionName, entry.finding.subject].compactMap { $0 }.filter { !$0.isEmpty }
        let name = name(of: entry.finding.check)
        return place.isEmpty ? name : "\(name) (\(place.joined(separator: ", ")))"
    }

    private func name(of check: String) -> String {
        let key = "check.\(check)"
        return request.words.has(key) ? request.words[key] : check
    }
}
