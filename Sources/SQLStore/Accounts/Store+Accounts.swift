import CalendarModel

extension Store {
    /// - Throws: ``AccountError/emailTaken(_:)``.
    package func addAccount(_ account: Account) async throws {
        try await driver.write { try Self.add(account, in: $0) }
    }

    static func add(_ account: Account, in connection: any SQLConnection) throws {
        let key = Account.key(account.email)
        let taken = try connection.first("SELECT id FROM accounts WHERE email_key = $1", [.text(key)])
        guard taken == nil else { throw AccountError.emailTaken(account.email) }
        try connection.execute(
            """
            INSERT INTO accounts (id, email, email_key, name, password, is_operator, language, theme, created_us)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                .text(account.id), .text(account.email), .text(key), .text(account.name),
                .optional(account.password), .bool(account.isOperator), .optional(account.language),
                .optional(account.theme), .integer(account.createdAt.microseconds),
            ])
    }

    package func account(_ id: String) async throws -> Account? {
        try await driver.read { connection in
            try connection.first("SELECT \(Account.columns) FROM accounts WHERE id = $1", [.text(id)]).map(Account.init)
        }
    }

    package func account(email: String) async throws -> Account? {
        try await driver.read { connection in
            try connection.first(
                "SELECT \(Account.columns) FROM accounts WHERE email_key = $1", [.text(Account.key(email))]
            ).map(Account.init)
        }
    }

    /// Whether anybody can look after the installation yet.
    package func hasOperator() async throws -> Bool {
        try await driver.read { connection in
            try connection.first("SELECT id FROM accounts WHERE is_operator = 1 AND disabled_us IS NULL", []) != nil
        }
    }

    /// Everybody, by address: for operators.
    package func accounts() async throws -> [Account] {
        try await driver.read { connection in
            try connection.query("SELECT \(Account.columns) FROM accounts ORDER BY email_key").map(Account.init)
        }
    }

    /// Writes what a person chooses: name, language, theme, and the password's hash.
    package func update(_ account: Account) async throws {
        try await driver.write { connection in
            try connection.execute(
                "UPDATE accounts SET name = $2, language = $3, theme = $4, password = $5 WHERE id = $1",
                [
                    .text(account.id), .text(account.name), .optional(account.language), .optional(account.theme),
                    .optional(account.password),
                ])
        }
    }

    /// Closes an account, or opens it again. Its sessions end at once.
    /// - Throws: ``AccountError/lastOne`` for the only operator.
    package func setDisabled(_ isDisabled: Bool, account id: String, now: Instant) async throws {
        try await driver.write { connection in
            if isDisabled { try Self.keepAnOperator(besides: id, in: connection) }
            try connection.execute(
                "UPDATE accounts SET disabled_us = $2 WHERE id = $1",
                [.text(id), .optional(isDisabled ? now.microseconds : nil)])
            if isDisabled { try connection.execute("DELETE FROM sessions WHERE account = $1", [.text(id)]) }
        }
    }

    /// - Throws: ``AccountError/lastOne`` for the only operator.
    package func setOperator(_ isOperator: Bool, account id: String) async throws {
        try await driver.write { connection in
            if !isOperator { try Self.keepAnOperator(besides: id, in: connection) }
            try connection.execute(
                "UPDATE accounts SET is_operator = $2 WHERE id = $1", [.text(id), .bool(isOperator)])
        }
    }

    private static func keepAnOperator(besides id: String, in connection: any SQLConnection) throws {
        guard let account = try connection.first("SELECT is_operator FROM accounts WHERE id = $1", [.text(id)]),
            try account.bool("is_operator")
        else { return }
        let other = try connection.first(
            "SELECT id FROM accounts WHERE is_operator = 1 AND disabled_us IS NULL AND id <> $1", [.text(id)])
        guard other != nil else { throw AccountError.lastOne }
    }
}
