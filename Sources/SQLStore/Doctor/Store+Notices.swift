import CalendarModel

/// Messages to people that are still to be sent: kept until they were, tried again ever more rarely, given up after a day.
extension Store {
    private static let noticeLife: Duration = .seconds(30 * 86_400)
    private static let givenUpAfter: Duration = .seconds(86_400)

    static func insert(_ notice: Notice, at now: Instant, in connection: any SQLConnection) throws {
        try connection.execute(
            "DELETE FROM notices WHERE created_us < $1",
            [.integer(now.advanced(by: .zero - noticeLife).microseconds)])
        try connection.execute(
            """
            INSERT INTO notices (id, organization, address, content, created_us, next_us)
            VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (id) DO NOTHING
            """,
            [
                .text(notice.id), .text(notice.organization.rawValue), .text(notice.address), .text(notice.content),
                .integer(now.microseconds),
            ])
    }

    /// Takes messages that are due. Each is due again after `patience`, should nobody say what became of it.
    package func takeDueNotices(now: Instant, patience: Duration, limit: Int = 20) async throws -> [Notice] {
        try await driver.write { connection in
            let rows = try connection.query(
                """
                SELECT id, organization, address, content, attempts FROM notices
                WHERE sent_us IS NULL AND next_us <= $1 AND created_us > $2 ORDER BY next_us, id LIMIT $3
                """,
                [
                    .integer(now.microseconds),
                    .integer(now.advanced(by: .zero - Self.givenUpAfter).microseconds), .integer(Int64(limit)),
                ])
            return try rows.map { row in
                let notice = Notice(
                    id: try row.text("id"), organization: OrganizationID(try row.text("organization")),
                    address: try row.text("address"), content: try row.text("content"),
                    attempts: Int(try row.integer("attempts")) + 1)
                try connection.execute(
                    "UPDATE notices SET attempts = $2, next_us = $3 WHERE id = $1",
                    [
                        .text(notice.id), .integer(Int64(notice.attempts)),
                        .integer(now.advanced(by: patience).microseconds),
                    ])
                return notice
            }
        }
    }

    package func noticeSent(_ id: String, at now: Instant) async throws {
        try await driver.write { connection in
            try connection.execute(
                "UPDATE notices SET sent_us = $2, failure = NULL WHERE id = $1",
                [.text(id), .integer(now.microseconds)])
        }
    }

    /// - Parameter failure: in words for the operator; no content.
    package func noticeFailed(_ id: String, failure: String, next: Instant) async throws {
        try await driver.write { connection in
            try connection.execute(
                "UPDATE notices SET failure = $2, next_us = $3 WHERE id = $1",
                [.text(id), .text(failure), .integer(next.microseconds)])
        }
    }

    /// How many messages wait, and what went wrong with the latest that could not be sent.
    package func waitingNotices(of organization: OrganizationID) async throws -> (count: Int, failure: String?) {
        try await driver.read { connection in
            let rows = try connection.query(
                """
                SELECT failure FROM notices WHERE organization = $1 AND sent_us IS NULL ORDER BY created_us DESC
                """, [.text(organization.rawValue)])
            return (rows.count, try rows.lazy.compactMap { try $0.optionalText("failure") }.first)
        }
    }
}
