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
        "furtherNeeds": .null, "pages": .null,
    ]

    private static let roomsOnPage = 50

    /// - Parameter path: of the page, below the organization.
    func values(
        _ run: DoctorRunSummary, _ digest: DoctorDigest, links: [LinkName], path: String
    ) throws -> [String: JSONValue] {
        let connections = digest.others.reduce(into: [ConnectionID?]()) { known, entry in
            if !known.contains(entry.connection) { known.append(entry.connection) }
        }
        let rooms = rooms(digest, links)
        let turner = PageTurner(
            count: rooms.count, size: Self.roomsOnPage, page: request.query("page").flatMap { Int($0) } ?? 1)
        let counts: [(Finding.Verdict, Int)] = [
            (.bad, run.bad), (.warning, run.warnings), (.good, run.good), (.notChecked, run.notChecked),
        ]
        return [
            "tiles": .array(
                counts.map { verdict, count in
                    ["status": request.verdict(verdict), "count": .integer(Int64(count))]
                }),
            "hasNeeds": .bool(!digest.urgent.isEmpty), "needs": .array(digest.urgent.map(finding)),
            "furtherNeeds": further(digest.furtherUrgent),
            "groups": .array(
                connections.enumerated().map { index, connection in
                    let entries = digest.others.filter { $0.connection == connection }
                    return [
                        "id": .string("group-\(index)"),
                        "name": .string(entries.first?.connectionName ?? request.words["doctor.installation"]),
                        "findings": .array(entries.map(finding)),
                    ]
                }),
            "hasRooms": .bool(!rooms.isEmpty), "rooms": .array(try rooms[turner.range].map(row)),
            "pages": turner.values("\(try request.path(path))?"),
        ]
    }

    /// How many there are beyond those that are shown.
    func further(_ count: Int) -> JSONValue {
        count == 0 ? .null : .string(request.words.counted("doctor.further", count))
    }

    /// The rooms that are linked still, by name.
    private func rooms(_ digest: DoctorDigest, _ links: [LinkName]) -> [(link: LinkName, room: DoctorDigest.Room)] {
        let byRoom = Dictionary(
            digest.rooms.map { ("\($0.connection?.rawValue ?? "") \($0.address)", $0) }, uniquingKeysWith: { $1 })
        return links.compactMap { link in
            byRoom["\(link.connection) \(link.resourceAddress.lowercased())"].map { (link, $0) }
        }
    }

    private func row(_ link: LinkName, _ room: DoctorDigest.Room) throws -> JSONValue {
        [
            "name": .string(link.roomName), "resource": .string(link.resourceAddress),
            "path": .string(try request.path("doctor/links/\(Form.encoded(link.id.rawValue))")),
            "status": request.verdict(room.worst),
            "count": .string(
                request.words("doctor.count", ["good": String(room.good), "all": String(room.all)])),
        ]
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

    func change(_ change: DoctorDigest.Change) -> JSONValue {
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
