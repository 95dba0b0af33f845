import CalendarModel

extension Store {
    /// A room by its name, case and white space aside, as people type it in commands.
    package func room(named name: String, of organization: OrganizationID) async throws -> Room? {
        try await driver.read { connection in
            try connection.first(
                """
                SELECT \(Room.columns) FROM rooms WHERE organization = $1 AND name_key = $2 AND removed_us IS NULL
                """, [.text(organization.rawValue), .text(canonicalLine(name).lowercased())]
            ).map(Room.init)
        }
    }

    /// How many rooms an organization has.
    package func countRooms(of organization: OrganizationID) async throws -> Int {
        try await driver.read { connection in
            Int(
                try connection.first(
                    "SELECT COUNT(*) AS count FROM rooms WHERE organization = $1 AND removed_us IS NULL",
                    [.text(organization.rawValue)])?.integer("count") ?? 0)
        }
    }
}
