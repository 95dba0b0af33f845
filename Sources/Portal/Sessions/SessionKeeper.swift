import CalendarModel
import Hummingbird
import SQLStore
import Vault

/// Begins, finds and ends sessions. The cookie holds a random secret with our signature; the database holds its digest.
struct SessionKeeper: Sendable {
    /// A session that is not used for so long is over…
    static let idleTime: Duration = .seconds(12 * 3600)
    /// …and so is one that is older than this.
    static let longestTime: Duration = .seconds(7 * 86_400)
    private static let purpose = "session"

    let services: PortalServices

    var cookieName: String { services.isSecure ? "__Host-loopsync_session" : "loopsync_session" }

    /// - Parameter method: how the person signed in.
    /// - Returns: the session and the cookie's header.
    func begin(_ account: Account, method: String) async throws -> (session: Session, cookie: String) {
        let secret = services.random.text()
        let now = services.now()
        let session = Session(
            digest: SecretDigest.sha256(secret), account: account.id, formToken: services.random.text(), method: method,
            createdAt: now, seenAt: now, expiresAt: now.advanced(by: Self.idleTime))
        try await services.store.addSession(session)
        let signed = services.vault.signed(secret, for: Self.purpose)
        return (session, Cookie.header(cookieName, signed, isSecure: services.isSecure))
    }

    /// Whose session comes with the request; nil for none, a forged one, and one that is over.
    func find(_ request: Request) async throws -> (session: Session, account: Account)? {
        guard let cookie = Cookie.value(cookieName, in: request),
            let secret = services.vault.open(signed: cookie, for: Self.purpose)
        else { return nil }
        let now = services.now()
        guard let found = try await services.store.session(digest: SecretDigest.sha256(secret), now: now) else {
            return nil
        }
        // Not with every request: a write a minute is enough to know that somebody is there.
        if now.since(found.session.seenAt) > .seconds(60) {
            let latest = found.session.createdAt.advanced(by: Self.longestTime)
            try await services.store.touchSession(
                digest: found.session.digest, seen: now, expires: min(now.advanced(by: Self.idleTime), latest))
        }
        return found
    }

    func endingCookie() -> String { Cookie.header(cookieName, "", seconds: 0, isSecure: services.isSecure) }
}
