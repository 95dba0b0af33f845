import CalendarModel
import SyncEngine

// The rooms of a set-up: those the calendar system has, and which mirrors which.
extension Store {
    /// What the calendar system has, by name.
    package func setupResources(of id: ConnectionID) async throws -> [SetupResource] {
        try await driver.read { connection in
            try connection.query(
                "SELECT content, wanted_us FROM setup_resources WHERE setup = $1 ORDER BY name, address",
                [.text(id.rawValue)]
            ).map(SetupResource.init)
        }
    }

    package func hasSetupResources(of id: ConnectionID) async throws -> Bool {
        try await driver.read { connection in
            try connection.first("SELECT setup FROM setup_resources WHERE setup = $1 LIMIT 1", [.text(id.rawValue)])
                != nil
        }
    }

    /// The same by name, without what was found out about their rights.
    package func setupResourceNames(of id: ConnectionID) async throws -> [SetupResource] {
        struct Part: Decodable {
            var resource: Resource
            var isListed: Bool
            var isGone: Bool
        }
        return try await driver.read { connection in
            try connection.query(
                "SELECT content, wanted_us FROM setup_resources WHERE setup = $1 ORDER BY name, address",
                [.text(id.rawValue)]
            ).map { row in
                let part = try StoredJSON.value(Part.self, from: row.text("content"), column: "content")
                var entry = SetupResource(
                    part.resource, isListed: part.isListed,
                    wantedAt: try row.optionalInteger("wanted_us").map(Instant.init(microseconds:)))
                entry.isGone = part.isGone
                return entry
            }
        }
    }

    /// How many resources a set-up has, and how they stand.
    package func setupResourceCounts(of id: ConnectionID) async throws -> SetupResourceCounts {
        try await driver.read { connection in
            var counts = SetupResourceCounts()
            let rows = try connection.query(
                "SELECT state, wanted_us, CASE WHEN state IS NULL THEN content END AS content FROM setup_resources "
                    + "WHERE setup = $1", [.text(id.rawValue)])
            for row in rows {
                let kept = try row.optionalText("state").flatMap(SetupResource.State.init(rawValue:))
                counts.byState[try kept ?? SetupResource(row).state, default: 0] += 1
                if try row.optionalInteger("wanted_us") != nil { counts.waiting += 1 }
            }
            return counts
        }
    }

    /// Those at the given lower-case addresses.
    package func setupResources(of id: ConnectionID, at addresses: [String]) async throws -> [String: SetupResource] {
        try await driver.read { connection in
            var found: [String: SetupResource] = [:]
            for address in addresses {
                found[address] = try connection.first(
                    "SELECT content, wanted_us FROM setup_resources WHERE setup = $1 AND address = $2",
                    [.text(id.rawValue), .text(address)]
                ).map(SetupResource.init)
            }
            return found
        }
    }

    /// A part of a set-up's resources, by name.
    /// - Parameter state: only those that stand so.
    package func setupResources(
        of id: ConnectionID, state: SetupResource.State? = nil, offset: Int = 0, limit: Int
    ) async throws -> [SetupResource] {
        try await driver.read { connection in
            try connection.query(
                """
                SELECT content, wanted_us FROM setup_resources
                WHERE setup = $1 AND (CAST($2 AS TEXT) IS NULL OR state = $2)
                ORDER BY name, address LIMIT $3 OFFSET $4
                """,
                [
                    .text(id.rawValue), .optional(state?.rawValue), .integer(Int64(limit)), .integer(Int64(offset)),
                ]
            ).map(SetupResource.init)
        }
    }

    /// Keeps the calendar system's list: new ones wait for a look at their rights, those that left are marked.
    package func keepListed(_ listed: [Resource], of id: ConnectionID, now: Instant) async throws {
        try await driver.write { connection in
            let known = try Self.resources(of: id, in: connection)
            let present = Set(listed.map { $0.address.lowercased() })
            for resource in listed {
                var entry =
                    known[resource.address.lowercased()] ?? SetupResource(resource, isListed: true, wantedAt: now)
                entry.resource = resource
                entry.isListed = true
                entry.isGone = false
                entry.wantedAt = now
                try Self.keep(entry, of: id, in: connection)
            }
            for (address, entry) in known where !present.contains(address) {
                var entry = entry
                // Whether one that was added by its address is still there is seen by looking at it.
                if entry.isListed { entry.isGone = true }
                entry.wantedAt = now
                try Self.keep(entry, of: id, in: connection)
            }
            try Self.touch(id, now: now, in: connection)
        }
    }

    /// Keeps what was found out about one resource.
    package func keep(_ entry: SetupResource, of id: ConnectionID, now: Instant) async throws {
        try await driver.write { connection in
            try Self.keep(entry, of: id, in: connection)
            try Self.touch(id, now: now, in: connection)
        }
    }

    /// The set-ups in which resources wait for a look at their rights, each with some of them.
    package func waitingResources(limit: Int) async throws -> [(setup: ConnectionID, addresses: [String])] {
        try await driver.read { connection in
            let first = try connection.first(
                "SELECT setup FROM setup_resources WHERE wanted_us IS NOT NULL ORDER BY wanted_us, setup LIMIT 1", [])
            guard let setup = try first?.text("setup") else { return [] }
            let rows = try connection.query(
                """
                SELECT address FROM setup_resources WHERE setup = $1 AND wanted_us IS NOT NULL
                ORDER BY wanted_us, name, address LIMIT $2
                """, [.text(setup), .integer(Int64(limit))])
            return [(ConnectionID(setup), try rows.map { try $0.text("address") })]
        }
    }

    private static func resources(
        of id: ConnectionID, in connection: any SQLConnection
    ) throws -> [String: SetupResource] {
        let rows = try connection.query(
            "SELECT address, content, wanted_us FROM setup_resources WHERE setup = $1", [.text(id.rawValue)])
        return Dictionary(
            try rows.map { (try $0.text("address"), try SetupResource($0)) }, uniquingKeysWith: { $1 })
    }

    private static func keep(_ entry: SetupResource, of id: ConnectionID, in connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO setup_resources (setup, address, name, content, wanted_us, state)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (setup, address) DO UPDATE SET name = excluded.name, content = excluded.content,
                wanted_us = excluded.wanted_us, state = excluded.state
            """,
            [
                .text(id.rawValue), .text(entry.resource.address.lowercased()), .text(entry.resource.name),
                .text(try StoredJSON.text(entry)), .optional(entry.wantedAt?.microseconds),
                .text(entry.state.rawValue),
            ])
    }

    /// Makes open pages look again.
    static func touch(_ id: ConnectionID, now: Instant, in connection: any SQLConnection) throws {
        try connection.execute(
            "UPDATE setups SET changed_us = $2 WHERE id = $1", [.text(id.rawValue), .integer(now.microseconds)])
    }
}

// MARK: - The mapping

extension Store {
    package func setupMapping(of id: ConnectionID) async throws -> [SetupMapping] {
        try await driver.read { try Self.mapping(of: id, in: $0) }
    }

    private static func mapping(of id: ConnectionID, in connection: any SQLConnection) throws -> [SetupMapping] {
        try connection.query(
            "SELECT room, resource, policy FROM setup_mapping WHERE setup = $1 ORDER BY room", [.text(id.rawValue)]
        ).map { row in
            SetupMapping(
                room: RoomID(try row.text("room")), resource: try row.text("resource"),
                policy: try StoredJSON.value(LinkPolicy.self, from: row.text("policy"), column: "policy"))
        }
    }

    /// Replaces the mapping, when it is still at `revision`.
    /// - Returns: the new revision.
    /// - Throws: ``SetupStoreError``.
    @discardableResult
    package func setMapping(
        _ mapping: [SetupMapping], of id: ConnectionID, in organization: OrganizationID, ifRevision revision: Int64?,
        by author: String, now: Instant
    ) async throws -> Int64 {
        try await driver.write { connection in
            guard let record = try Self.setup(id, of: organization, in: connection) else {
                throw SetupStoreError.noSuchSetup
            }
            if let revision, revision != record.mappingRevision {
                throw SetupStoreError.changed(revision: record.mappingRevision, by: record.mappingBy ?? "")
            }
            try connection.execute("DELETE FROM setup_mapping WHERE setup = $1", [.text(id.rawValue)])
            for row in mapping {
                try connection.execute(
                    "INSERT INTO setup_mapping (setup, room, resource, policy) VALUES ($1, $2, $3, $4)",
                    [
                        .text(id.rawValue), .text(row.room.rawValue), .text(row.resource),
                        .text(try StoredJSON.text(row.policy)),
                    ])
            }
            // What was worked out for another pair says nothing about this one.
            try connection.execute(
                """
                DELETE FROM setup_previews WHERE setup = $1 AND NOT EXISTS (SELECT 1 FROM setup_mapping
                    WHERE setup_mapping.setup = $1 AND setup_mapping.room = setup_previews.room
                        AND setup_mapping.resource = setup_previews.resource)
                """, [.text(id.rawValue)])
            try connection.execute(
                """
                UPDATE setups SET mapping_revision = $2, mapping_by = $3, mapping_us = $4, changed_us = $4 WHERE id = $1
                """,
                [
                    .text(id.rawValue), .integer(record.mappingRevision + 1), .text(author),
                    .integer(now.microseconds),
                ])
            return record.mappingRevision + 1
        }
    }
}

extension SetupResource {
    fileprivate init(_ row: SQLRow) throws {
        self = try StoredJSON.value(SetupResource.self, from: row.text("content"), column: "content")
        wantedAt = try row.optionalInteger("wanted_us").map(Instant.init(microseconds:))
    }
}
