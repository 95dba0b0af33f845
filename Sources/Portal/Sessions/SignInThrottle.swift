import CalendarModel
import SQLStore
import Vault

/// Slows down who guesses passwords: after five failures in a row for one address, each further one doubles the wait, up to a
/// quarter of an hour. Counted for addresses that nobody has as well, so that it tells nothing about who has an account.
struct SignInThrottle: Sendable {
    private static let free = 5
    private static let longest: Duration = .seconds(900)

    let services: PortalServices

    /// How long to wait before the next try; nil when it may be now.
    func wait(email: String) async throws -> Duration? {
        guard let failures = try await services.store.signInFailures(of: key(email)), failures.count >= Self.free else {
            return nil
        }
        let pause = min(Duration.seconds(30) * (1 << min(failures.count - Self.free, 10)), Self.longest)
        let left = pause - services.now().since(failures.last)
        return left > .zero ? left : nil
    }

    func failed(email: String) async throws {
        try await services.store.recordSignInFailure(
            of: key(email), now: services.now(), forgetAfter: .seconds(86_400))
    }

    func succeeded(email: String) async throws { try await services.store.forgetSignInFailures(of: key(email)) }

    /// Addresses are not kept of people who have no account.
    private func key(_ email: String) -> String { SecretDigest.sha256("sign-in \(Account.key(email))") }
}
