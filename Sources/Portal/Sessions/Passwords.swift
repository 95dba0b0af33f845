import SQLStore
import Vault

extension PortalServices {
    /// Hashing takes a tenth of a second and much memory: a few at a time, off the threads that answer.
    func hash(_ password: String) async throws -> String {
        let hasher = hasher
        return try await passwordWork.run { try hasher.hash(password) }
    }

    func verify(_ password: String, against hash: String) async throws -> Bool {
        let hasher = hasher
        return try await passwordWork.run { try hasher.verify(password, against: hash) }
    }
}

/// Lets at most two passwords be worked on at one time.
package actor PasswordWork {
    private var running = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    package init() {}

    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        if running >= 2 { await withCheckedContinuation { waiting.append($0) } } else { running += 1 }
        defer { if waiting.isEmpty { running -= 1 } else { waiting.removeFirst().resume() } }
        return try await Task.detached { try work() }.value
    }
}

/// What a password must be: long. Nothing else makes guessing as hard (NIST SP 800-63B).
enum PasswordRule {
    static let shortest = 12
    static let longest = 256

    /// The key of the words that say what is wrong; nil when nothing is.
    static func complaint(_ password: String, email: String) -> String? {
        if password.count < shortest { return "password.short" }
        if password.utf8.count > longest { return "password.long" }
        if Account.key(password) == Account.key(email) || Set(password).count < 4 { return "password.guessable" }
        return nil
    }
}
