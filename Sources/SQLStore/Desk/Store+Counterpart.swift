import CalendarModel
import LoopBooking
import SyncEngine

/// How a booking stands on the calendar's side.
package struct Counterpart: Sendable {
    package var pairing: Pairing
    /// False when booking and event are one meeting no more.
    package var isLive: Bool
    /// Nil when it is not in the calendar as it was last read.
    package var event: ObservedEvent?
}

/// A room by the name that lists show; rooms that were taken away are among them, for their bookings stay.
package struct RoomName: Hashable, Sendable {
    package var id: RoomID
    package var name: String
    /// The name as it is compared: folded, with single spaces.
    package var key: String
    package var zone: ZoneID
    package var isRemoved: Bool
    /// What crosses by its link's policy; everything without a link.
    package var content: LinkPolicy.Content
}

extension Store {
    /// The calendar's side of a booking: the live pairing, else the one that ended last.
    package func counterpart(of booking: BookingID, link: LinkID) async throws -> Counterpart? {
        try await driver.read { connection in
            let found = try ClashTransaction.pairing(booking: booking, event: nil, link: link, in: connection)
            guard let found else { return nil }
            let row = try connection.first(
                "SELECT id FROM pairings WHERE id = $1 AND ended_us IS NULL", [.text(found.id.rawValue)])
            let event = try found.event.flatMap { try ClashTransaction.observed($0, link: link, in: connection) }
            return Counterpart(pairing: found, isLive: row != nil, event: event)
        }
    }

    /// The names of an organization's rooms.
    package func roomNames(of organization: OrganizationID) async throws -> [RoomName] {
        try await driver.read { connection in
            // Policies are mostly alike: each text is read once.
            var policies: [String: LinkPolicy] = [:]
            return try connection.query(
                """
                SELECT rooms.id AS id, rooms.name AS name, rooms.name_key AS name_key, rooms.zone AS zone,
                    rooms.removed_us AS removed_us, links.policy AS policy
                FROM rooms LEFT JOIN links ON links.organization = rooms.organization AND links.room = rooms.id
                WHERE rooms.organization = $1 ORDER BY rooms.name_key
                """, [.text(organization.rawValue)]
            ).map { row in
                var content = LinkPolicy.Content.everything
                if let text = try row.optionalText("policy") {
                    let policy =
                        try policies[text] ?? StoredJSON.value(LinkPolicy.self, from: text, column: "policy")
                    policies[text] = policy
                    content = policy.content
                }
                return RoomName(
                    id: RoomID(try row.text("id")), name: try row.text("name"), key: try row.text("name_key"),
                    zone: ZoneID(try row.text("zone")),
                    isRemoved: try row.optionalInteger("removed_us") != nil, content: content)
            }
        }
    }
}
