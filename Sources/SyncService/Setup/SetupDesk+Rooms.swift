import CalendarModel
import LoopBooking
import SQLStore
import SyncEngine

// The calendar system's rooms, and which mirrors which.
extension SetupDesk {
    package func resources(of id: ConnectionID) async throws -> [SetupResource] {
        _ = try await existing(id)
        return try await store.setupResources(of: id)
    }

    /// Lists the calendar system's rooms anew; their rights are looked at afterwards, by ``SetupWorker``.
    /// - Returns: how many are listed.
    @discardableResult
    package func list(_ id: ConnectionID, by author: String) async throws -> Int {
        let setup = try await setup(id)
        guard setup.hasConnection else { throw SetupError.stepMissing(.account) }
        let connectors = connectors
        let found = try await answering {
            try await connectors.connector(for: id).discoverResources()
        }
        let moment = now()
        // First: of a connection that a command made nothing is kept yet that rooms could belong to.
        try await change(id, by: author) { $0.listedAt = moment }
        try await store.keepListed(found, of: id, now: moment)
        return found.count
    }

    /// Adds a room that is not listed yet. The right to read it is proved.
    @discardableResult
    package func add(_ address: String, to id: ConnectionID, by author: String) async throws -> SetupResource {
        let setup = try await setup(id)
        guard setup.hasConnection else { throw SetupError.stepMissing(.account) }
        let address = canonicalLine(address).lowercased()
        guard Self.isAddress(address) else { throw SetupError.fields(["address": .notAnAddress]) }
        let connectors = connectors
        let found = try await answering { try await connectors.connector(for: id).resource(at: address) }
        let known = try await store.setupResources(of: id).first { $0.resource.address.lowercased() == address }
        var entry = known ?? SetupResource(found, isListed: false, wantedAt: now())
        entry.isGone = false
        entry.wantedAt = now()
        if setup.record.revision == 0 { try await change(id, by: author) { _ in } }
        try await store.keep(entry, of: id, now: now())
        return entry
    }

    // MARK: Mapping

    /// The mapping with everything that a page about it needs.
    package struct Mapping: Sendable {
        package var revision: Int64
        package var by: String?
        package var rooms: [Room]
        /// Without what was found out about their rights.
        package var resources: [SetupResource]
        /// Rows of rooms that have no link yet.
        package var rows: [RoomID: SetupMapping]
        /// Rooms and lower-case addresses that have a link, with its title.
        package var linkedRooms: [RoomID: LinkName]
        package var linkedResources: [String: LinkName]
        package var suggestions: [RoomID: MappingSuggestion]

        /// Where each lower-case address stands among the resources.
        package var places: [String: Int]

        package func resource(at address: String) -> SetupResource? {
            places[address.lowercased()].map { resources[$0] }
        }

        /// The policy that most rows have.
        package var commonPolicy: LinkPolicy {
            let counted = Dictionary(rows.values.map { ($0.policy, 1) }, uniquingKeysWith: +)
            return counted.max { ($0.value, $0.key.content.rawValue) < ($1.value, $1.key.content.rawValue) }?.key
                ?? LinkPolicy()
        }
    }

    package func mapping(of id: ConnectionID) async throws -> Mapping {
        let record = try await existing(id)
        let links = try await store.linkNames(of: organization)
        let rooms = try await allRooms()
        let resources = try await store.setupResourceNames(of: id)
        let linkedRooms = Dictionary(links.map { ($0.room, $0) }, uniquingKeysWith: { $1 })
        let linkedResources = Dictionary(
            links.filter { $0.connection == id }.map { ($0.resourceAddress.lowercased(), $0) },
            uniquingKeysWith: { $1 })
        let present = Set(rooms.map(\.id))
        let rows = try await store.setupMapping(of: id)
            .filter { linkedRooms[$0.room] == nil && present.contains($0.room) }
        let taken = Set(rows.map { $0.resource.lowercased() }).union(linkedResources.keys)
        let mapped = Set(rows.map(\.room))
        let suggestions = MappingSuggestion.suggest(
            rooms: rooms.filter { linkedRooms[$0.id] == nil && !mapped.contains($0.id) },
            resources: resources.filter { !$0.isGone && !taken.contains($0.resource.address.lowercased()) }
                .map(\.resource))
        return Mapping(
            revision: record.mappingRevision, by: record.mappingBy, rooms: rooms, resources: resources,
            rows: Dictionary(rows.map { ($0.room, $0) }, uniquingKeysWith: { $1 }), linkedRooms: linkedRooms,
            linkedResources: linkedResources,
            suggestions: Dictionary(suggestions.map { ($0.room, $0) }, uniquingKeysWith: { $1 }),
            places: Dictionary(
                resources.enumerated().map { ($0.element.resource.address.lowercased(), $0.offset) },
                uniquingKeysWith: { first, _ in first }))
    }

    /// The organization's rooms, each with its mirror's address as far as it is known: mapped, linked, or suggested.
    package func addresses(of id: ConnectionID) async throws -> [(room: String, address: String?)] {
        _ = try await existing(id)
        let names = try await store.roomNames(of: organization).filter { !$0.isRemoved }
        let linked = Dictionary(
            try await store.linkNames(of: organization).map { ($0.room, $0.resourceAddress) }, uniquingKeysWith: { $1 })
        let mapped = Dictionary(
            try await store.setupMapping(of: id).map { ($0.room, $0.resource) }, uniquingKeysWith: { $1 })
        let known = names.map { ($0.name, linked[$0.id] ?? mapped[$0.id]) }
        if known.allSatisfy({ $0.1 != nil }) { return known }
        // Only then is it worth comparing all names.
        let suggestions = try await mapping(of: id).suggestions
        return zip(names, known).map { name, pair in (pair.0, pair.1 ?? suggestions[name.id]?.resource) }
    }

    func allRooms() async throws -> [Room] {
        var rooms: [Room] = []
        while true {
            let page = try await desk.rooms(after: rooms.last?.name, limit: 200)
            rooms += page
            if page.count < 200 { return rooms }
        }
    }

    /// One thing that is wrong with a mapping.
    package enum MappingFault: Error, Hashable, Sendable {
        case unknownRoom(String)
        case roomLinked(room: String, to: String)
        case unknownResource(String)
        case ambiguousResource(String)
        case resourceLinked(String, to: String)
        case resourceTwice(String, rooms: [String])
        case resourceGone(String)
        case notExpressible(room: String)
    }

    package struct MappingFaults: Error, Hashable, Sendable {
        package var byRoom: [RoomID: MappingFault]
    }

    /// Replaces the mapping of rooms that have no link yet.
    /// - Throws: ``MappingFaults`` with everything that is wrong, ``SetupError/changed(by:)`` when somebody was faster; then
    ///   nothing is kept.
    package func save(
        _ rows: [SetupMapping], of id: ConnectionID, ifRevision revision: Int64?, by author: String
    ) async throws {
        let mapping = try await mapping(of: id)
        if let revision, revision != mapping.revision { throw SetupError.changed(by: mapping.by ?? "") }
        let faults = faults(in: rows, mapping)
        guard faults.isEmpty else { throw MappingFaults(byRoom: faults) }
        let record = try await existing(id)
        if record.revision == 0 { try await change(id, by: author) { _ in } }
        let tidy = rows.map {
            SetupMapping(room: $0.room, resource: $0.resource.lowercased(), policy: $0.policy)
        }
        do {
            try await store.setMapping(
                tidy, of: id, in: organization, ifRevision: revision ?? mapping.revision, by: author, now: now())
        } catch SetupStoreError.changed(_, let by) { throw SetupError.changed(by: by) }
    }

    private func faults(in rows: [SetupMapping], _ mapping: Mapping) -> [RoomID: MappingFault] {
        var faults: [RoomID: MappingFault] = [:]
        let names = Dictionary(mapping.rooms.map { ($0.id, $0.name) }, uniquingKeysWith: { $1 })
        let byResource = Dictionary(grouping: rows) { $0.resource.lowercased() }
        for row in rows {
            guard let name = names[row.room] else {
                faults[row.room] = .unknownRoom(row.room.rawValue)
                continue
            }
            if let link = mapping.linkedRooms[row.room] {
                faults[row.room] = .roomLinked(room: name, to: link.resourceName)
            } else if let link = mapping.linkedResources[row.resource.lowercased()] {
                faults[row.room] = .resourceLinked(row.resource, to: link.roomName)
            } else if mapping.resource(at: row.resource) == nil {
                faults[row.room] = .unknownResource(row.resource)
            } else if mapping.resource(at: row.resource)?.isGone == true {
                faults[row.room] = .resourceGone(row.resource)
            } else if let same = byResource[row.resource.lowercased()], same.count > 1 {
                faults[row.room] = .resourceTwice(row.resource, rooms: same.compactMap { names[$0.room] }.sorted())
            }
        }
        return faults
    }

    /// All suggestions that are at least so sure become rows.
    /// - Returns: how many.
    package func acceptSuggestions(
        _ id: ConnectionID, atLeast confidence: MappingSuggestion.Confidence = .possible, ifRevision revision: Int64?,
        by author: String
    ) async throws -> Int {
        let mapping = try await mapping(of: id)
        let accepted = mapping.suggestions.values.filter { $0.confidence >= confidence }
        let policy = mapping.commonPolicy
        let rows =
            Array(mapping.rows.values)
            + accepted.map { SetupMapping(room: $0.room, resource: $0.resource, policy: policy) }
        try await save(rows, of: id, ifRevision: revision, by: author)
        return accepted.count
    }

    /// Makes a LoopBooking room for each resource that has none, and maps it.
    /// - Parameter zone: the new rooms' time zone.
    /// - Returns: the names of the rooms made.
    package func makeRooms(
        _ id: ConnectionID, zone: String, ifRevision revision: Int64?, by author: String
    ) async throws -> [String] {
        let mapping = try await mapping(of: id)
        if let revision, revision != mapping.revision { throw SetupError.changed(by: mapping.by ?? "") }
        let spoken = Set(mapping.rows.values.map { $0.resource.lowercased() })
            .union(mapping.linkedResources.keys)
            .union(mapping.suggestions.values.map { $0.resource.lowercased() })
        var taken = Set(mapping.rooms.map { $0.name.lowercased() })
        var rows = Array(mapping.rows.values)
        var made: [String] = []
        for entry in mapping.resources
        where !entry.isGone && !spoken.contains(entry.resource.address.lowercased()) {
            let name = Self.roomName(for: entry.resource, taken: taken)
            taken.insert(name.lowercased())
            let place = [entry.resource.building, entry.resource.floor].compactMap { $0 }.joined(separator: ", ")
            let room = try await desk.addRoom(
                RoomDraft(
                    name: name, capacity: entry.resource.capacity.flatMap { $0 > 0 ? $0 : nil }, location: place,
                    zone: zone)
            ).entity
            rows.append(
                SetupMapping(room: room.id, resource: entry.resource.address, policy: mapping.commonPolicy))
            made.append(name)
        }
        if !made.isEmpty { try await save(rows, of: id, ifRevision: revision, by: author) }
        return made
    }

    /// The resource's name without “-ext”; with its address when that is taken.
    static func roomName(for resource: Resource, taken: Set<String>) -> String {
        var name = canonicalLine(resource.name)
        for ending in ["-ext", " ext", "_ext", ".ext", "-mirror", " (ext)"] where name.lowercased().hasSuffix(ending) {
            name = canonicalLine(String(name.dropLast(ending.count)))
        }
        if name.isEmpty { name = resource.address }
        name = String(name.prefix(100))
        if !taken.contains(name.lowercased()) { return name }
        let longer = String("\(name) (\(resource.address))".prefix(200))
        return taken.contains(longer.lowercased()) ? "\(longer) 2" : longer
    }

    // MARK: As a table

    package func csv(of id: ConnectionID) async throws -> String {
        let mapping = try await mapping(of: id)
        return MappingCSV.write(
            mapping.rooms.filter { mapping.linkedRooms[$0.id] == nil }.map { room in
                let row = mapping.rows[room.id]
                return (room.name, row?.resource ?? mapping.suggestions[room.id]?.resource ?? "", row?.policy)
            })
    }

    /// Replaces the mapping with a table's rows. Rows of rooms that the table does not name stay.
    /// - Returns: how many rows were taken.
    /// - Throws: ``MappingCSV/Faults`` with every line that is wrong; then nothing is kept.
    @discardableResult
    package func take(
        csv text: String, into id: ConnectionID, ifRevision revision: Int64?, by author: String
    ) async throws -> Int {
        let mapping = try await mapping(of: id)
        var (lines, faults) = try MappingCSV.table(text, base: mapping.commonPolicy)
        lines.removeAll { $0.room.isEmpty || $0.resource.isEmpty }
        var rows = mapping.rows
        var (roomLines, resourceLines): ([RoomID: Int], [String: Int]) = ([:], [:])
        for line in lines {
            let key = line.room.lowercased()
            let room = mapping.rooms.first { $0.name.lowercased() == key || $0.id.rawValue == line.room }
            let found = Self.find(line.resource, among: mapping.resources)
            guard let room else {
                faults.append(.init(line: line.line, .unknownRoom(String(line.room.prefix(80)))))
                continue
            }
            guard let resource = found.count == 1 ? found.first : nil else {
                let name = String(line.resource.prefix(80))
                faults.append(.init(line: line.line, found.isEmpty ? .unknownResource(name) : .ambiguousResource(name)))
                continue
            }
            if let other = roomLines.updateValue(line.line, forKey: room.id) {
                faults.append(.init(line: line.line, .roomTwice(room.name, line: other)))
            }
            let address = resource.resource.address.lowercased()
            if let other = resourceLines.updateValue(line.line, forKey: address) {
                faults.append(.init(line: line.line, .resourceTwice(resource.resource.name, line: other)))
            }
            rows[room.id] = SetupMapping(room: room.id, resource: address, policy: line.policy)
        }
        guard faults.isEmpty else { throw MappingCSV.Faults(faults) }
        // A resource that the table gives to a room is no other room's any more.
        let given = Set(resourceLines.keys)
        rows = rows.filter { roomLines[$0.key] != nil || !given.contains($0.value.resource.lowercased()) }
        try await save(Array(rows.values), of: id, ifRevision: revision, by: author)
        return lines.count
    }

    /// By address, else by name.
    private static func find(_ text: String, among resources: [SetupResource]) -> [SetupResource] {
        let key = text.lowercased()
        let byAddress = resources.filter { $0.resource.address.lowercased() == key }
        return byAddress.isEmpty ? resources.filter { canonicalLine($0.resource.name).lowercased() == key } : byAddress
    }
}
