import HTTPTypes
import Hummingbird
import SQLStore
import Vault

/// Protects forms from being sent by other sites (CSRF). Each form carries a token: the session's own, or for people who are not
/// signed in one that is bound to a cookie. The browser's word about where the request comes from is asked too.
struct FormGuard: Sendable {
    private static let purpose = "form"
    static let fieldName = "_token"

    let services: PortalServices

    var cookieName: String { services.isSecure ? "__Host-loopsync_visit" : "loopsync_visit" }

    /// The token for a page's forms, and the cookie it is bound to when that is new.
    func token(for session: Session?, request: Request) -> (token: String, cookie: String?) {
        if let session { return (session.formToken, nil) }
        if let visit = Cookie.value(cookieName, in: request), visit.utf8.count <= 64 {
            return (services.vault.signature(of: visit, for: Self.purpose), nil)
        }
        let visit = services.random.text(count: 18)
        return (
            services.vault.signature(of: visit, for: Self.purpose),
            Cookie.header(cookieName, visit, isSecure: services.isSecure)
        )
    }

    func accepts(_ token: String, session: Session?, request: Request) -> Bool {
        guard comesFromHere(request) else { return false }
        if let session { return SecretDigest.areEqual(token, session.formToken) }
        guard let visit = Cookie.value(cookieName, in: request) else { return false }
        return SecretDigest.areEqual(token, services.vault.signature(of: visit, for: Self.purpose))
    }

    private func comesFromHere(_ request: Request) -> Bool {
        guard let site = request.headers[.secFetchSite] else { return true }
        return site == "same-origin" || site == "none"
    }
}
