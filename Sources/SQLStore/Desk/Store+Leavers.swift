import CalendarModel
import SyncEngine

/// Who was found to have left, with the bookings that they still held: ids only, for what is kept is not what is shown.
package struct KeptLeavers: Hashable, Sendable, Codable {
    package struct Leaver: Hashable, Sendable, Codable {
        package var person: Person
        package var presence: Presence
        package var bookings: [BookingID]

        package init(person: Person, presence: Presence, bookings: [BookingID]) {
            self.person = person
            self.presence = presence
            self.bookings = bookings
        }
    }

    package var askedAt: Instant
    package var people: [Leaver]
    /// About how many people the directory was asked, and of how many nothing could be known.
    package var asked: Int
    package var unknown: Int
    package var obstacles: [Diagnosis]

    package init(askedAt: Instant, people: [Leaver], asked: Int, unknown: Int, obstacles: [Diagnosis]) {
        self.askedAt = askedAt
        self.people = people
        self.asked = asked
        self.unknown = unknown
        self.obstacles = obstacles
    }
}

extension Store {
    package func keep(_ leavers: KeptLeavers, of organization: OrganizationID) async throws {
        try await driver.write { connection in
            try connection.execute(
                """
                INSERT INTO leaver_reports (organization, asked_us, content) VALUES ($1, $2, $3)
                ON CONFLICT (organization) DO UPDATE SET asked_us = excluded.asked_us, content = excluded.content
                """,
                [
                    .text(organization.rawValue), .integer(leavers.askedAt.microseconds),
                    .text(try StoredJSON.text(leavers)),
                ])
        }
    }

    /// Nil when nobody looked yet.
    package func leavers(of organization: OrganizationID) async throws -> KeptLeavers? {
        try await driver.read { connection in
            try connection.first(
                "SELECT content FROM leaver_reports WHERE organization = $1", [.text(organization.rawValue)]
            ).map { try StoredJSON.value(KeptLeavers.self, from: $0.text("content"), column: "content") }
        }
    }

    /// Bookings by their ids; those that are not there are left out.
    package func bookings(_ ids: [BookingID], of organization: OrganizationID) async throws -> [Booking] {
        try await driver.read { connection in
            try ids.compactMap { id in
                try connection.first(
                    "SELECT \(Booking.columns) FROM bookings WHERE organization = $1 AND id = $2",
                    [.text(organization.rawValue), .text(id.rawValue)]
                ).map(Booking.init)
            }
        }
    }
}
