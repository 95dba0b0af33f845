import CalendarModel
import SyncEngine

/// The engine's memory in the database.
package struct SQLSyncStore: SyncStore {
    let store: Store
    /// The pass that it belongs to; nil outside of passes.
    private var pass: Int64?

    init(store: Store) { self.store = store }

    package func begin(_ link: LinkID) async throws -> any SyncStore {
        var result = self
        result.pass = try await store.driver.write { connection in
            try connection.execute("UPDATE links SET pass = pass + 1 WHERE id = $1", [.text(link.rawValue)])
            return try connection.first("SELECT pass FROM links WHERE id = $1", [.text(link.rawValue)])?
                .integer("pass") ?? 0
        }
        return result
    }

    /// Asked in the transaction of each write.
    private func requireLatest(_ link: LinkID, in connection: any SQLConnection) throws {
        guard let pass else { return }
        let latest = try connection.first("SELECT pass FROM links WHERE id = $1", [.text(link.rawValue)])
        guard try latest?.integer("pass") == pass else { throw PassSuperseded() }
    }

    package func memory(of link: LinkID) async throws -> LinkMemory? {
        try await store.driver.read { connection in
            guard let row = try connection.first(LinkRow.select + " WHERE links.id = $1", [.text(link.rawValue)])
            else { return nil }
            let record = try LinkRow.record(row)
            var approved: Set<PairingID> = []
            let pairings = try connection.query(
                "SELECT content, deletion_approved FROM pairings WHERE link = $1 AND ended_us IS NULL",
                [.text(link.rawValue)]
            ).map { row in
                let pairing = try StoredJSON.value(Pairing.self, from: row.text("content"), column: "content")
                if try row.bool("deletion_approved") { approved.insert(pairing.id) }
                return pairing
            }
            let events = try connection.query(
                "SELECT content FROM observed_events WHERE link = $1", [.text(link.rawValue)]
            ).map { try StoredJSON.value(ObservedEvent.self, from: $0.text("content"), column: "content") }
            let intents = try connection.query(
                "SELECT content, attempts FROM intents WHERE link = $1 AND closed_us IS NULL ORDER BY opened_us, key",
                [.text(link.rawValue)]
            ).map { try Intent($0) }
            return LinkMemory(
                link: record.link, pairings: pairings, events: events, cursor: record.cursor, openIntents: intents,
                approvedDeletions: approved, lastReadAt: record.lastReadAt,
                rulings: try ClashTransaction.rulings(of: link, pairings: pairings, in: connection))
        }
    }

    package func record(_ reading: RecordedReading, for link: LinkID) async throws {
        try await store.driver.write { connection in
            try requireLatest(link, in: connection)
            guard try connection.first("SELECT id FROM links WHERE id = $1", [.text(link.rawValue)]) != nil else {
                return
            }
            for observed in reading.observed { try Self.observe(observed, link: link, in: connection) }
            for event in reading.gone { try Self.forget(event, link: link, in: connection) }
            try connection.execute(
                "UPDATE links SET cursor = $2, read_us = $3 WHERE id = $1",
                [
                    .text(link.rawValue), .text(try StoredJSON.text(reading.cursor)),
                    .integer(reading.at.microseconds),
                ])
        }
    }

    package func open(_ intent: Intent) async throws -> Intent {
        try await store.driver.write { connection in
            try requireLatest(intent.link, in: connection)
            let action = intent.operation.action
            let open = try connection.first(
                """
                SELECT key, content, attempts FROM intents
                WHERE link = $1 AND action = $2 AND subject = $3 AND closed_us IS NULL
                """, [.text(intent.link.rawValue), .text(action.name), .text(action.subject)])
            var inForce = intent
            if let open { inForce = intent.repeating(try Intent(open)) }
            inForce.attempts += 1
            try connection.execute(
                """
                INSERT INTO intents (key, link, action, subject, content, attempts, opened_us)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (key) DO UPDATE SET content = excluded.content, attempts = excluded.attempts
                """,
                [
                    .text(inForce.key.rawValue), .text(inForce.link.rawValue), .text(action.name),
                    .text(action.subject), .text(try StoredJSON.text(inForce)), .integer(Int64(inForce.attempts)),
                    .integer(inForce.openedAt.microseconds),
                ])
            return inForce
        }
    }

    package func close(
        _ key: OperationKey, as outcome: Intent.Outcome, effects: [Effect], at now: Instant
    ) async throws {
        try await store.driver.write { connection in
            let row = try connection.first("SELECT link FROM intents WHERE key = $1", [.text(key.rawValue)])
            guard let link = try row.map({ LinkID(try $0.text("link")) }) else { return }
            try requireLatest(link, in: connection)
            // The content has served its purpose: nothing of a meeting is kept longer than needed.
            try connection.execute(
                "UPDATE intents SET closed_us = $2, outcome = $3, content = '' WHERE key = $1",
                [.text(key.rawValue), .integer(now.microseconds), .text(outcome.rawValue)])
            try apply(effects, link: link, at: now, in: connection)
        }
    }

    package func apply(_ effects: [Effect], for link: LinkID, at now: Instant) async throws {
        try await store.driver.write { connection in
            try requireLatest(link, in: connection)
            try apply(effects, link: link, at: now, in: connection)
        }
    }

    package func finish(_ report: PassReport) async throws {
        try await store.driver.write { connection in
            try requireLatest(report.link, in: connection)
            try LatencyTransaction(connection: connection).keep(report)
            try connection.execute(
                """
                UPDATE links SET last_pass = $2, settled_us = CASE WHEN $3 = 1 THEN $4 ELSE settled_us END,
                    pass_us = $4, pass_clean = $3, pass_problem = $5
                WHERE id = $1
                """,
                [
                    .text(report.link.rawValue), .text(try StoredJSON.text(report)), .bool(report.isClean),
                    .integer(report.finishedAt.microseconds), .optional(try report.problem.map(StoredJSON.text)),
                ])
            // What was approved is done; the next mass deletion is asked about again.
            if report.read, report.failure == nil, report.hold == nil {
                try Self.forgetApproval(of: report.link, in: connection)
            }
            guard report.read,
                let row = try connection.first(LinkRow.select + " WHERE links.id = $1", [.text(report.link.rawValue)])
            else { return }
            let link = try LinkRow.record(row).link
            try ClashTransaction(store: store, organization: link.organization, connection: connection)
                .closeSolved(of: link, at: report.finishedAt)
        }
    }
}

// MARK: - Effects

extension SQLSyncStore {
    func apply(
        _ effects: [Effect], link: LinkID, at now: Instant, in connection: any SQLConnection
    ) throws {
        // A link that was removed while its pass was under way has nothing to remember any more.
        guard
            let row = try connection.first("SELECT organization FROM links WHERE id = $1", [.text(link.rawValue)])
        else { return }
        for case .clash(let record) in effects {
            // Before anything else: the desk keeps what the loser's event looked like.
            let organization = OrganizationID(try row.text("organization"))
            try ClashTransaction(store: store, organization: organization, connection: connection).record(record)
        }
        for effect in effects {
            switch effect {
            case .pair(let pairing): try Self.pair(pairing, in: connection)
            case .end(let pairing):
                try connection.execute(
                    "UPDATE pairings SET ended_us = $2 WHERE id = $1",
                    [.text(pairing.rawValue), .integer(now.microseconds)])
            case .observe(let observed): try Self.observe(observed, link: link, in: connection)
            case .forget(let event): try Self.forget(event, link: link, in: connection)
            case .tell(let entry): try Self.tell(entry, in: connection)
            case .clash: break
            case .setState(let state):
                // What was approved was approved for what stood there then.
                try Self.forgetApproval(of: link, in: connection)
                try connection.execute(
                    "UPDATE links SET state = $2 WHERE id = $1",
                    [.text(link.rawValue), .text(try StoredJSON.text(state))])
            }
        }
    }

    static func forgetApproval(of link: LinkID, in connection: any SQLConnection) throws {
        try connection.execute(
            "UPDATE pairings SET deletion_approved = 0 WHERE link = $1 AND deletion_approved = 1",
            [.text(link.rawValue)])
    }

    private static func pair(_ pairing: Pairing, in connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO pairings (id, link, booking, event, content) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (id) DO UPDATE SET booking = excluded.booking, event = excluded.event,
                content = excluded.content
            """,
            [
                .text(pairing.id.rawValue), .text(pairing.link.rawValue), .text(pairing.booking.rawValue),
                .optional(pairing.event?.rawValue), .text(try StoredJSON.text(pairing)),
            ])
    }

    private static func observe(_ observed: ObservedEvent, link: LinkID, in connection: any SQLConnection) throws {
        let span = observed.event.meeting.span
        try connection.execute(
            """
            INSERT INTO observed_events (link, event, start_us, end_us, slot_taken_us, content)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (link, event) DO UPDATE SET start_us = excluded.start_us, end_us = excluded.end_us,
                slot_taken_us = excluded.slot_taken_us, content = excluded.content
            """,
            [
                .text(link.rawValue), .text(observed.event.id.rawValue), .integer(span.start.microseconds),
                .integer(span.end.microseconds), .integer(observed.slotTakenAt.microseconds),
                .text(try StoredJSON.text(observed)),
            ])
    }

    private static func forget(_ event: EventID, link: LinkID, in connection: any SQLConnection) throws {
        try connection.execute(
            "DELETE FROM observed_events WHERE link = $1 AND event = $2",
            [.text(link.rawValue), .text(event.rawValue)])
    }

    private static func tell(_ entry: HistoryEntry, in connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO history (position, organization, link, booking, event, at_us, action, sentence)
            SELECT (SELECT COALESCE(MAX(position), 0) + 1 FROM history), organization, id, $2, $3, $4, $5, $6
            FROM links WHERE id = $1
            """,
            [
                .text(entry.link.rawValue), .optional(entry.booking?.rawValue), .optional(entry.event?.rawValue),
                .integer(entry.at.microseconds), .text(entry.action), .text(entry.sentence),
            ])
    }
}

extension Intent {
    fileprivate init(_ row: SQLRow) throws {
        self = try StoredJSON.value(Intent.self, from: row.text("content"), column: "content")
        attempts = Int(try row.integer("attempts"))
    }
}

extension Store {
    /// The engine's memory in this database.
    package var sync: SQLSyncStore { SQLSyncStore(store: self) }
}
