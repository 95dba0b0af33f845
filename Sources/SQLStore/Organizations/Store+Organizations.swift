import CalendarModel

/// One customer. Nothing is ever visible across organizations.
package struct Organization: Hashable, Sendable {
    package var id: OrganizationID
    package var name: String
    package var settings: OrganizationSettings

    package init(id: OrganizationID, name: String, settings: OrganizationSettings = OrganizationSettings()) {
        self.id = id
        self.name = name
        self.settings = settings
    }
}

extension Store {
    /// Adds an organization; one that is there already keeps its name.
    package func addOrganization(_ organization: Organization, now: Instant) async throws {
        try await driver.write { connection in
            try connection.execute(
                "INSERT INTO organizations (id, name, created_us) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
                [.text(organization.id.rawValue), .text(organization.name), .integer(now.microseconds)])
        }
    }

    package func organization(_ id: OrganizationID) async throws -> Organization? {
        try await driver.read { connection in
            try connection.first("SELECT id, name, settings FROM organizations WHERE id = $1", [.text(id.rawValue)])
                .map(Organization.init)
        }
    }

    package func organizations() async throws -> [Organization] {
        try await driver.read { connection in
            try connection.query("SELECT id, name, settings FROM organizations ORDER BY name, id").map(
                Organization.init)
        }
    }

    /// Writes name and settings.
    package func update(_ organization: Organization) async throws {
        let settings = try StoredJSON.text(organization.settings)
        try await driver.write { connection in
            try connection.execute(
                "UPDATE organizations SET name = $2, settings = $3 WHERE id = $1",
                [.text(organization.id.rawValue), .text(organization.name), .text(settings)])
        }
    }

    /// The zone that most rooms of an organization are in; nil when it has none.
    package func commonZone(of organization: OrganizationID) async throws -> ZoneID? {
        try await driver.read { connection in
            try connection.first(
                "SELECT zone FROM rooms WHERE organization = $1 GROUP BY zone ORDER BY COUNT(*) DESC, zone LIMIT 1",
                [.text(organization.rawValue)]
            ).map { ZoneID(try $0.text("zone")) }
        }
    }
}

extension Organization {
    init(_ row: SQLRow) throws {
        self.init(
            id: OrganizationID(try row.text("id")), name: try row.text("name"),
            settings: try StoredJSON.value(
                OrganizationSettings.self, from: row.text("settings"), column: "settings"))
    }
}
