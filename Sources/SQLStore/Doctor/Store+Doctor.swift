import CalendarModel
import SyncEngine

extension Store {
    /// How many runs of an organization are kept.
    private static let doctorRunsKept: Int64 = 50
    /// What broke, worked and broke again within this is not news each time.
    private static let newsPause: Duration = .seconds(3600)

    /// Keeps a run, brings the state of each check up to date, and says what of it is news. In the same transaction the news
    /// are handed to `notices`, and what it makes of them is kept to be sent; without any, nothing counts as told.
    @discardableResult
    package func keep(
        _ run: DoctorRun, notices: @escaping @Sendable (DoctorNews) throws -> [Notice] = { _ in [] }
    ) async throws -> DoctorNews {
        try await driver.write { connection in
            let before = try Self.checks(of: run.organization, in: connection)
            try Self.insert(run, DoctorDigest(run, after: before), in: connection)
            let known = Dictionary(before.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
            var states: [DoctorCheckState] = []
            var news = DoctorNews(broke: [], works: [])
            for entry in run.entries {
                let state = Self.state(of: entry, after: known[entry.key], at: run.finishedAt)
                states.append(state)
                guard state.isBroken != state.isToldBroken else { continue }
                if state.isBroken {
                    // Only what worked once breaks, and not every hour anew.
                    let isFresh = state.toldAt.map { run.finishedAt.since($0) >= Self.newsPause } ?? true
                    if state.lastGoodAt != nil, isFresh { news.broke.append(entry) }
                } else {
                    news.works.append(entry)
                }
            }
            let letters = news.isEmpty ? [] : try notices(news)
            let told = letters.isEmpty ? [] : Set((news.broke + news.works).map(\.key))
            for var state in states {
                if told.contains(state.key) {
                    state.isToldBroken = state.isBroken
                    state.toldAt = run.finishedAt
                }
                try Self.write(state, of: run.organization, in: connection)
            }
            try Self.forgetChecks(notIn: Set(states.map(\.key)), known: before, of: run.organization, in: connection)
            for letter in letters { try Self.insert(letter, at: run.finishedAt, in: connection) }
            return news
        }
    }

    /// An organization's runs, newest first.
    package func doctorRuns(of organization: OrganizationID, limit: Int = 50) async throws -> [DoctorRunSummary] {
        try await driver.read { connection in
            try connection.query(
                """
                SELECT id, occasion, started_us, finished_us, good, warnings, bad, not_checked FROM doctor_runs
                WHERE organization = $1 ORDER BY finished_us DESC, id DESC LIMIT $2
                """, [.text(organization.rawValue), .integer(Int64(limit))]
            ).map(DoctorRunSummary.init)
        }
    }

    /// One run with all that it found.
    package func doctorRun(_ id: String, of organization: OrganizationID) async throws -> DoctorRun? {
        try await driver.read { connection in
            try connection.first(
                "SELECT content FROM doctor_runs WHERE id = $1 AND organization = $2",
                [.text(id), .text(organization.rawValue)]
            ).map { try StoredJSON.value(DoctorRun.self, from: $0.text("content"), column: "content") }
        }
    }

    /// What pages show of a run; of the newest when none is named.
    package func doctorDigest(
        _ id: String? = nil, of organization: OrganizationID
    ) async throws -> (run: DoctorRunSummary, digest: DoctorDigest)? {
        let which = id == nil ? "ORDER BY finished_us DESC, id DESC LIMIT 1" : "AND id = $2"
        return try await driver.read { connection in
            try connection.first(
                """
                SELECT id, occasion, started_us, finished_us, good, warnings, bad, not_checked, digest,
                    CASE WHEN digest IS NULL THEN content END AS content
                FROM doctor_runs WHERE organization = $1 \(which)
                """, [.text(organization.rawValue)] + (id.map { [.text($0)] } ?? [])
            ).map { row in
                if let text = try row.optionalText("digest") {
                    return (
                        try DoctorRunSummary(row), try StoredJSON.value(DoctorDigest.self, from: text, column: "digest")
                    )
                }
                // It was kept before there were digests.
                let run = try StoredJSON.value(DoctorRun.self, from: row.text("content"), column: "content")
                return (try DoctorRunSummary(row), DoctorDigest(run, after: nil))
            }
        }
    }

    /// How the checks stand that a page shows one by one: those about no room, and those that are not good.
    package func shownDoctorChecks(of organization: OrganizationID) async throws -> [DoctorCheckState] {
        try await driver.read { connection in
            try Self.checks(
                of: organization, "AND (verdict IN ('bad', 'warning') OR check_name NOT LIKE 'room.%')", in: connection)
        }
    }

    /// How a room's checks stand.
    package func doctorChecks(
        ofRoom address: String, connection id: ConnectionID, in organization: OrganizationID
    ) async throws -> [DoctorCheckState] {
        try await driver.read { connection in
            try Self.checks(
                of: organization, "AND connection = $2 AND check_name LIKE 'room.%' AND (subject = $3 OR subject = $4)",
                [.text(id.rawValue), .text(address), .text(address.lowercased())], in: connection)
        }
    }

    package func latestDoctorRun(of organization: OrganizationID) async throws -> DoctorRun? {
        try await driver.read { connection in
            try connection.first(
                """
                SELECT content FROM doctor_runs WHERE organization = $1 ORDER BY finished_us DESC, id DESC LIMIT 1
                """, [.text(organization.rawValue)]
            ).map { try StoredJSON.value(DoctorRun.self, from: $0.text("content"), column: "content") }
        }
    }

    /// How each check stands.
    package func doctorChecks(of organization: OrganizationID) async throws -> [DoctorCheckState] {
        try await driver.read { try Self.checks(of: organization, in: $0) }
    }

    // MARK: State

    private static func state(
        of entry: DoctorEntry, after known: DoctorCheckState?, at now: Instant
    ) -> DoctorCheckState {
        let verdict = entry.finding.verdict
        var state =
            known
            ?? DoctorCheckState(
                key: entry.key, finding: entry.finding, since: now, seenAt: now, isBroken: false, isToldBroken: false)
        if state.finding.verdict != verdict { state.since = now }
        state.finding = entry.finding
        state.seenAt = now
        switch verdict {
        case .good, .warning:
            state.isBroken = false
            state.brokenSince = nil
            state.lastGoodAt = now
        case .bad:
            if !state.isBroken { state.brokenSince = now }
            state.isBroken = true
        case .notChecked: break
        }
        return state
    }

    // MARK: Rows

    private static func insert(
        _ run: DoctorRun, _ digest: DoctorDigest, in connection: any SQLConnection
    ) throws {
        func count(_ verdict: Finding.Verdict) -> SQLValue { .integer(Int64(run.count(verdict))) }
        try connection.execute(
            """
            INSERT INTO doctor_runs (id, organization, occasion, started_us, finished_us, good, warnings, bad,
                not_checked, content, digest)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            [
                .text(run.id), .text(run.organization.rawValue), .text(run.occasion.rawValue),
                .integer(run.startedAt.microseconds), .integer(run.finishedAt.microseconds), count(.good),
                count(.warning), count(.bad), count(.notChecked), .text(try StoredJSON.text(run)),
                .text(try StoredJSON.text(digest)),
            ])
        try connection.execute(
            """
            DELETE FROM doctor_runs WHERE organization = $1 AND id NOT IN (
                SELECT id FROM doctor_runs WHERE organization = $1 ORDER BY finished_us DESC, id DESC LIMIT $2)
            """, [.text(run.organization.rawValue), .integer(doctorRunsKept)])
    }

    private static func checks(
        of organization: OrganizationID, _ conditions: String = "", _ values: [SQLValue] = [],
        in connection: any SQLConnection
    ) throws -> [DoctorCheckState] {
        try connection.query(
            """
            SELECT connection, check_name, subject, since_us, seen_us, last_good_us, is_broken, broken_us, told_broken,
                told_us, finding
            FROM doctor_checks WHERE organization = $1 \(conditions) ORDER BY connection, check_name, subject
            """, [.text(organization.rawValue)] + values
        ).map(DoctorCheckState.init)
    }

    private static func write(
        _ state: DoctorCheckState, of organization: OrganizationID, in connection: any SQLConnection
    ) throws {
        try connection.execute(
            """
            INSERT INTO doctor_checks (organization, connection, check_name, subject, verdict, since_us, seen_us,
                last_good_us, is_broken, broken_us, told_broken, told_us, finding)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            ON CONFLICT (organization, connection, check_name, subject) DO UPDATE SET verdict = excluded.verdict,
                since_us = excluded.since_us, seen_us = excluded.seen_us, last_good_us = excluded.last_good_us,
                is_broken = excluded.is_broken, broken_us = excluded.broken_us, told_broken = excluded.told_broken,
                told_us = excluded.told_us, finding = excluded.finding
            """,
            [
                .text(organization.rawValue), .text(state.key.connection?.rawValue ?? ""), .text(state.key.check),
                .text(state.key.subject), .text(state.finding.verdict.rawValue), .integer(state.since.microseconds),
                .integer(state.seenAt.microseconds), .optional(state.lastGoodAt?.microseconds),
                .bool(state.isBroken), .optional(state.brokenSince?.microseconds), .bool(state.isToldBroken),
                .optional(state.toldAt?.microseconds), .text(try StoredJSON.text(state.finding)),
            ])
    }

    /// What is not checked any more (a room that is no longer linked) has no state.
    private static func forgetChecks(
        notIn keys: Set<DoctorCheckKey>, known: [DoctorCheckState], of organization: OrganizationID,
        in connection: any SQLConnection
    ) throws {
        for state in known where !keys.contains(state.key) {
            try connection.execute(
                """
                DELETE FROM doctor_checks
                WHERE organization = $1 AND connection = $2 AND check_name = $3 AND subject = $4
                """,
                [
                    .text(organization.rawValue), .text(state.key.connection?.rawValue ?? ""),
                    .text(state.key.check), .text(state.key.subject),
                ])
        }
    }
}

extension DoctorRunSummary {
    fileprivate init(_ row: SQLRow) throws {
        self.init(
            id: try row.text("id"), occasion: DoctorRun.Occasion(rawValue: try row.text("occasion")) ?? .asked,
            startedAt: Instant(microseconds: try row.integer("started_us")),
            finishedAt: Instant(microseconds: try row.integer("finished_us")), good: Int(try row.integer("good")),
            warnings: Int(try row.integer("warnings")), bad: Int(try row.integer("bad")),
            notChecked: Int(try row.integer("not_checked")))
    }
}

extension DoctorCheckState {
    fileprivate init(_ row: SQLRow) throws {
        let connection = try row.text("connection")
        self.init(
            key: DoctorCheckKey(
                connection: connection.isEmpty ? nil : ConnectionID(connection), check: try row.text("check_name"),
                subject: try row.text("subject")),
            finding: try StoredJSON.value(Finding.self, from: row.text("finding"), column: "finding"),
            since: Instant(microseconds: try row.integer("since_us")),
            seenAt: Instant(microseconds: try row.integer("seen_us")),
            lastGoodAt: try row.optionalInteger("last_good_us").map(Instant.init(microseconds:)),
            isBroken: try row.bool("is_broken"),
            brokenSince: try row.optionalInteger("broken_us").map(Instant.init(microseconds:)),
            isToldBroken: try row.bool("told_broken"),
            toldAt: try row.optionalInteger("told_us").map(Instant.init(microseconds:)))
    }
}
