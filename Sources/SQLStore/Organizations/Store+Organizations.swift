import CalendarModel

/// One customer. Nothing is ever visible across organizations.
package struct Organization: Hashable, Sendable {
    package var id: OrganizationID
    package var name: String

    package init(id: OrganizationID, name: String) {
        self.id = id
        self.name = name
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
            try connection.first("SELECT id, name FROM organizations WHERE id = $1", [.text(id.rawValue)])
                .map(Organization.init)
        }
    }

    package func organizations() async throws -> [Organization] {
        try await driver.read { connection in
            try connection.query("SELECT id, name FROM organizations ORDER BY name, id").map(Organization.init)
        }
    }
}

extension Organization {
    init(_ row: SQLRow) throws {
        self.init(id: OrganizationID(try row.text("id")), name: try row.text("name"))
    }
}
