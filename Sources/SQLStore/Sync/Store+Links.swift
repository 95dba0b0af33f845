import CalendarModel
import LoopBooking
import SyncEngine

/// Why a link cannot be made.
package enum LinkError: Error, Hashable, Sendable {
    case roomLinked(to: String)
    case resourceLinked(to: String)
}

extension Store {
    /// Adds a link and makes its first pass due.
    /// - Throws: ``LinkError`` when the room or the resource has a link already.
    package func addLink(_ link: Link, blindAfter: Duration, now: Instant) async throws {
        try await driver.write { connection in
            if let other = try connection.first(
                LinkRow.select + " WHERE links.organization = $1 AND links.room = $2",
                [.text(link.organization.rawValue), .text(link.room.rawValue)])
            {
                throw LinkError.roomLinked(to: try LinkRow.record(other).link.resourceAddress)
            }
            if let other = try connection.first(
                LinkRow.select + " WHERE links.connection = $1 AND links.resource = $2",
                [.text(link.connection.rawValue), .text(link.resourceAddress)])
            {
                throw LinkError.resourceLinked(to: try LinkRow.record(other).link.roomName)
            }
            try connection.execute(
                """
                INSERT INTO links (id, organization, connection, room, resource, resource_name, policy, state,
                    blind_after_us, created_us)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                """,
                [
                    .text(link.id.rawValue), .text(link.organization.rawValue), .text(link.connection.rawValue),
                    .text(link.room.rawValue), .text(link.resourceAddress), .text(link.resourceName),
                    .text(try StoredJSON.text(link.policy)), .text(try StoredJSON.text(link.state)),
                    .integer(blindAfter.wholeMicroseconds), .integer(now.microseconds),
                ])
            try connection.execute(
                "INSERT INTO link_schedule (link, due_us, wake) VALUES ($1, $2, 1)",
                [.text(link.id.rawValue), .integer(now.microseconds)])
        }
    }

    /// An organization's links, by room name.
    package func links(of organization: OrganizationID) async throws -> [LinkRecord] {
        try await driver.read { connection in
            try connection.query(
                LinkRow.select + " WHERE links.organization = $1 ORDER BY rooms.name, links.id",
                [.text(organization.rawValue)]
            ).map(LinkRow.record)
        }
    }

    package func link(_ id: LinkID) async throws -> LinkRecord? {
        try await driver.read { connection in
            try connection.first(LinkRow.select + " WHERE links.id = $1", [.text(id.rawValue)]).map(LinkRow.record)
        }
    }

    /// Pauses a link, or lets it run again. What a held link asks is answered by `approvingDeletions`: true cancels what
    /// vanished; false writes it into the calendar again.
    package func setState(
        _ state: Link.State, of link: LinkID, approvingDeletions: Bool? = nil, now: Instant
    ) async throws {
        try await driver.write { connection in
            try connection.execute(
                "UPDATE links SET state = $2 WHERE id = $1",
                [.text(link.rawValue), .text(try StoredJSON.text(state))])
            try SQLSyncStore.forgetApproval(of: link, in: connection)
            let vanished = """
                link = $1 AND ended_us IS NULL AND event IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM observed_events
                        WHERE observed_events.link = pairings.link AND observed_events.event = pairings.event)
                """
            switch approvingDeletions {
            case true?:
                try connection.execute(
                    "UPDATE pairings SET deletion_approved = 1 WHERE \(vanished)", [.text(link.rawValue)])
            case false?:
                // Without their pairing, the bookings whose events vanished are written as new events; also those that
                // were made in the calendar once.
                try connection.execute(
                    "UPDATE pairings SET ended_us = $2 WHERE \(vanished)",
                    [.text(link.rawValue), .integer(now.microseconds)])
            case nil: break
            }
            try Self.wake("WHERE link = $1", [.text(link.rawValue)], in: connection)
        }
    }

    /// Forgets the cursor, so that the next pass reads everything again.
    package func forgetCursor(of link: LinkID) async throws {
        try await driver.write { connection in
            try connection.execute("UPDATE links SET cursor = NULL WHERE id = $1", [.text(link.rawValue)])
            try Self.wake("WHERE link = $1", [.text(link.rawValue)], in: connection)
        }
    }

    /// The store with the hooks that tie bookings to links: a change makes the room's link due, a blind link holds or
    /// refuses new bookings, and a linked room cannot be removed.
    package func withLinkHooks() -> Store {
        var store = self
        store.afterBookingChange = { connection, record in
            // The engine's own writes need no further pass: their outcome is recorded with them.
            if case .sync = record.author { return }
            try Self.wake(
                "WHERE link IN (SELECT id FROM links WHERE organization = $1 AND room = $2)",
                [.text(record.organization.rawValue), .text(record.room.rawValue)], in: connection)
        }
        store.roomCertainty = { connection, organization, room, now in
            guard
                let row = try connection.first(
                    LinkRow.select + " WHERE links.organization = $1 AND links.room = $2",
                    [.text(organization.rawValue), .text(room.rawValue)])
            else { return .certain }
            return try LinkRow.record(row).certainty(at: now)
        }
        store.roomUse = { connection, organization, room in
            let row = try connection.first(
                "SELECT resource_name FROM links WHERE organization = $1 AND room = $2",
                [.text(organization.rawValue), .text(room.rawValue)])
            return try row.map { "It is linked to \(try $0.text("resource_name")). Remove the link first." }
        }
        return store
    }

    /// Makes links due at once. `wake` counts up, so that a change during a pass is not lost when the pass ends.
    static func wake(_ condition: String, _ values: [SQLValue], in connection: any SQLConnection) throws {
        try connection.execute("UPDATE link_schedule SET due_us = 0, wake = wake + 1 " + condition, values)
    }
}

extension Store {
    /// The zones of a connection's rooms, by lower-case resource address: those that are linked, and those that its set-up
    /// wants to link.
    package func roomZones(of connection: ConnectionID) async throws -> [String: ZoneID] {
        try await driver.read { database in
            let rows = try database.query(
                """
                SELECT links.resource AS resource, rooms.zone AS zone FROM links
                JOIN rooms ON rooms.organization = links.organization AND rooms.id = links.room
                WHERE links.connection = $1
                UNION
                SELECT setup_mapping.resource AS resource, rooms.zone AS zone FROM setup_mapping
                JOIN setups ON setups.id = setup_mapping.setup
                JOIN rooms ON rooms.organization = setups.organization AND rooms.id = setup_mapping.room
                WHERE setups.id = $1
                """, [.text(connection.rawValue)])
            return Dictionary(
                try rows.map { (try $0.text("resource").lowercased(), ZoneID(try $0.text("zone"))) },
                uniquingKeysWith: { $1 })
        }
    }
}

extension Store {
    /// How many links share the budget.
    package func countLinks() async throws -> Int {
        try await driver.read { connection in
            Int(try connection.first("SELECT COUNT(*) AS count FROM links", [])?.integer("count") ?? 0)
        }
    }

    /// Removes a link with everything remembered of it. Bookings and events stay as they are on both sides.
    package func removeLink(_ link: LinkID) async throws {
        try await driver.write { try $0.execute("DELETE FROM links WHERE id = $1", [.text(link.rawValue)]) }
    }
}

extension LinkRecord {
    /// Whether a booking of the link's room can be promised.
    package func certainty(at now: Instant) -> RoomCertainty {
        switch condition(at: now) {
        case .inSync, .catchingUp:
            link.policy.writing == .invite ? .asksRoom("The room has not answered the invitation yet.") : .certain
        case .notCertain where lastReadAt == nil:
            unsure("The room was linked just now and its calendar is being read for the first time.")
        case .notCertain:
            unsure("The room's calendar cannot be read at the moment, so the slot is not certain.")
        case .stopped: unsure("The room's link has stopped and waits for a decision, so the slot is not certain.")
        case .paused: unsure("The room's link is paused, so the slot is not certain.")
        }
    }

    /// What the link's policy makes of a slot that cannot be promised.
    private func unsure(_ why: String) -> RoomCertainty {
        link.policy.whenBlind == .hold ? .hold(why) : .refuse(why)
    }
}
