import CalendarModel
import LoopBooking
import SyncEngine

// What would happen to each room of a set-up. Worked out once and kept, so that pages stay quick.
extension Store {
    /// Asks for the rooms' previews to be worked out anew; decisions about items stay.
    package func wantPreviews(
        _ rows: [(room: RoomID, resource: String)], of id: ConnectionID, now: Instant
    ) async throws {
        try await driver.write { connection in
            for row in rows {
                try connection.execute(
                    """
                    INSERT INTO setup_previews (setup, room, resource, wanted_us) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (setup, room) DO UPDATE SET resource = excluded.resource,
                        wanted_us = excluded.wanted_us
                    """,
                    [
                        .text(id.rawValue), .text(row.room.rawValue), .text(row.resource), .integer(now.microseconds),
                    ])
            }
            try Self.touch(id, now: now, in: connection)
        }
    }

    /// All previews of a set-up, without their content.
    package func setupPreviews(of id: ConnectionID) async throws -> [SetupPreviewRecord] {
        try await driver.read { connection in
            try connection.query(
                """
                SELECT room, resource, wanted_us, made_us, counts, '{}' AS content, decisions FROM setup_previews
                WHERE setup = $1 ORDER BY room
                """, [.text(id.rawValue)]
            ).map(SetupPreviewRecord.init)
        }
    }

    package func setupPreview(of room: RoomID, in id: ConnectionID) async throws -> SetupPreviewRecord? {
        try await driver.read { connection in
            try connection.first(
                """
                SELECT room, resource, wanted_us, made_us, counts, content, decisions FROM setup_previews
                WHERE setup = $1 AND room = $2
                """, [.text(id.rawValue), .text(room.rawValue)]
            ).map(SetupPreviewRecord.init)
        }
    }

    /// The rooms that have waited longest for their preview.
    package func waitingPreviews(limit: Int) async throws -> [(setup: ConnectionID, room: RoomID)] {
        try await driver.read { connection in
            try connection.query(
                """
                SELECT setup, room FROM setup_previews WHERE wanted_us IS NOT NULL
                ORDER BY wanted_us, setup, room LIMIT $1
                """, [.integer(Int64(limit))]
            ).map { (ConnectionID(try $0.text("setup")), RoomID(try $0.text("room"))) }
        }
    }

    /// Keeps a preview that was worked out.
    package func keepPreview(
        _ content: String, counts: String, of room: RoomID, in id: ConnectionID, now: Instant
    ) async throws {
        try await driver.write { connection in
            try connection.execute(
                """
                UPDATE setup_previews SET content = $3, counts = $4, made_us = $5, wanted_us = NULL
                WHERE setup = $1 AND room = $2
                """,
                [
                    .text(id.rawValue), .text(room.rawValue), .text(content), .text(counts),
                    .integer(now.microseconds),
                ])
            try Self.touch(id, now: now, in: connection)
        }
    }

    package func keepDecisions(_ decisions: String, of room: RoomID, in id: ConnectionID, now: Instant) async throws {
        try await driver.write { connection in
            try connection.execute(
                "UPDATE setup_previews SET decisions = $3 WHERE setup = $1 AND room = $2",
                [.text(id.rawValue), .text(room.rawValue), .text(decisions)])
            try Self.touch(id, now: now, in: connection)
        }
    }

    /// How many meetings each of the links keeps together.
    package func countPairings(of links: [LinkID]) async throws -> [LinkID: Int] {
        try await driver.read { connection in
            var counts: [LinkID: Int] = [:]
            for link in links {
                let row = try connection.first(
                    "SELECT COUNT(*) AS count FROM pairings WHERE link = $1 AND ended_us IS NULL",
                    [.text(link.rawValue)])
                counts[link] = Int(try row?.integer("count") ?? 0)
            }
            return counts
        }
    }
}

extension ClashTransaction {
    /// Keeps what somebody decided about two meetings before the link's first pass: that pass then follows it.
    /// - Parameter kept: who has the room; the note's winner is A.
    package func decideAhead(
        _ note: ClashNote, of link: LinkID, reason: String, kept: Clash.Party, by author: ChangeAuthor, now: Instant
    ) throws {
        let record = ClashRecord(link: link, note: note, reason: reason, at: now)
        var clash = Clash(record)
        clash.state = .decided
        clash.file.decision = Clash.Decision(kept: kept, by: author, at: now)
        try keep(clash)
        func party(_ party: ClashNote.Party) -> ClashRuling.Party {
            ClashRuling.Party(booking: party.booking, event: party.event, occurrence: party.occurrence)
        }
        try rule(
            ClashRuling(
                winner: party(clash.party(kept)), loser: party(clash.party(kept.other)), decidedAt: now), on: clash)
    }
}

extension SetupPreviewRecord {
    fileprivate init(_ row: SQLRow) throws {
        self.init(
            room: RoomID(try row.text("room")), resource: try row.text("resource"),
            wantedAt: try row.optionalInteger("wanted_us").map(Instant.init(microseconds:)),
            madeAt: try row.optionalInteger("made_us").map(Instant.init(microseconds:)),
            counts: try row.text("counts"), content: try row.text("content"), decisions: try row.text("decisions"))
    }
}
