import CalendarModel
import SyncEngine

/// A link by what lists show of it.
package struct LinkName: Hashable, Sendable {
    package var id: LinkID
    package var connection: ConnectionID
    package var room: RoomID
    package var roomName: String
    package var resourceAddress: String
    package var resourceName: String
}

extension Store {
    /// The names of an organization's links, by room; of one connection's when it is given.
    package func linkNames(
        of organization: OrganizationID, connection id: ConnectionID? = nil
    ) async throws -> [LinkName] {
        try await driver.read { connection in
            try connection.query(
                """
                SELECT links.id AS id, links.connection AS connection, links.room AS room, rooms.name AS room_name,
                    links.resource AS resource, links.resource_name AS resource_name
                FROM links JOIN rooms ON rooms.organization = links.organization AND rooms.id = links.room
                WHERE links.organization = $1 AND (CAST($2 AS TEXT) IS NULL OR links.connection = $2)
                ORDER BY rooms.name, links.id
                """, [.text(organization.rawValue), .optional(id?.rawValue)]
            ).map { row in
                LinkName(
                    id: LinkID(try row.text("id")), connection: ConnectionID(try row.text("connection")),
                    room: RoomID(try row.text("room")), roomName: try row.text("room_name"),
                    resourceAddress: try row.text("resource"), resourceName: try row.text("resource_name"))
            }
        }
    }
}
