import CalendarModel
import SQLStore
import Testing

@Suite("The audit log")
struct AuditLogTests {
    /// Not a good digest, but one that everything in the text changes.
    private static let digest: @Sendable (String) -> String = { text in
        var hash: UInt64 = 14_695_981_039_346_656_037
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
        return String(hash, radix: 16)
    }

    private func store(_ lines: Int) async throws -> Store {
        let store = try await TestStore().store
        for number in 1...lines {
            try await store.audit(
                AuditEntry(
                    organization: "acme", at: TestStore.start, actorKind: .account, actor: "ada", action: "test",
                    subject: "Line \(number)"), digest: Self.digest)
        }
        return store
    }

    @Test("The database refuses to change or remove a line")
    func refuses() async throws {
        let store = try await store(3)
        for sql in [
            "UPDATE audit_log SET subject = 'x' WHERE position = 2", "DELETE FROM audit_log WHERE position = 2",
            "DELETE FROM audit_log",
        ] {
            await #expect(throws: SQLError.self, "\(sql)") { try await store.driver.write { try $0.execute(sql, []) } }
        }
        #expect(try await store.checkAuditLog(digest: Self.digest) == AuditCheck(lines: 3, broken: nil))
    }

    @Test(
        "Whoever takes the triggers away and changes the past is found out",
        arguments: [
            ("UPDATE audit_log SET subject = 'x' WHERE position = 2", 2),
            ("UPDATE audit_log SET actor = 'eve' WHERE position = 600", 600),
            ("DELETE FROM audit_log WHERE position = 501", 501),
            ("DELETE FROM audit_log WHERE position = 1", 1),
            ("UPDATE audit_log SET organization = 'other' WHERE position = 500", 500),
        ])
    func tampering(sql: String, line: Int64) async throws {
        let store = try await store(601)
        #expect(try await store.checkAuditLog(digest: Self.digest) == AuditCheck(lines: 601, broken: nil))
        try await store.driver.write { connection in
            for trigger in ["audit_log_no_update", "audit_log_no_delete"] {
                try connection.execute("DROP TRIGGER \(trigger)", [])
            }
            try connection.execute(sql, [])
        }
        #expect(
            try await store.checkAuditLog(digest: Self.digest) == AuditCheck(lines: line - 1, broken: line))
    }
}
