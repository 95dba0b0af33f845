import SyncEngine

/// What Entra ID sends the person's browser back with. The error is looked at first: a refused consent also says
/// `admin_consent=True`.
package enum SignInCallback: Hashable, Sendable {
    /// The administrator consented. The tenant is only a hint (anybody can type it): it is proved by signing in.
    case consented(tenant: String, scopes: Set<String>, state: String)
    /// The service account signed in; the code is redeemed within ten minutes, once.
    case signedIn(code: String, state: String)
    case refused(Diagnosis, state: String?)
    case unreadable

    /// - Parameter query: what stands after the question mark.
    package init(query: String) {
        let parameters = WebText.parameters(of: query)
        let state = parameters["state"]
        if let error = parameters["error"] {
            let numbers = TokenRefusal.numbers(in: parameters["error_description"] ?? "")
            self = .refused(
                SignInDiagnosis.diagnosis(for: TokenRefusal(error: error, numbers: numbers)).diagnosis, state: state)
        } else if let state, let code = parameters["code"] {
            self = .signedIn(code: code, state: state)
        } else if let state, let tenant = parameters["tenant"], parameters["admin_consent"]?.lowercased() == "true" {
            let names = (parameters["scope"] ?? "").split(separator: " ").map { name in
                name.split(separator: "/").last.map(String.init) ?? ""
            }
            self = .consented(tenant: tenant, scopes: Set(names), state: state)
        } else {
            self = .unreadable
        }
    }
}
