import HTTPTransport
import Vault

/// Why nobody was signed in, in words: what happened, what it means, what to do. Never holds secrets, codes or tokens.
package struct OpenIDError: Error, Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The address of the issuer, or one that it names, must not be called.
        case addressNotAllowed
        case unreachable
        /// What the issuer says about itself cannot be used.
        case discoveryUnusable
        /// The person said no, or closed the page.
        case declined
        /// The issuer shows an error instead of signing in.
        case refused
        /// The code is old, used, or another sign-in's.
        case codeRefused
        /// The issuer does not know our application or its secret.
        case clientRefused
        case answerUnusable
        case tokenRefused
        case tenantNotAdmitted
    }

    package var kind: Kind
    package var summary: String
    package var consequence: String
    package var remedy: String
    /// The issuer's own code, such as `invalid_client` or `AADSTS7000215`.
    package var providerCode: String?

    /// A stable, dotted name for scripts.
    package var code: String { "openID.\(kind.rawValue)" }
    /// Whether the person can mend it by signing in again; otherwise it wants the operator.
    package var isForThePerson: Bool { [.declined, .codeRefused, .tenantNotAdmitted, .unreachable].contains(kind) }

    init(_ kind: Kind, _ summary: String, remedy: String, providerCode: String? = nil) {
        self.kind = kind
        self.summary = summary
        consequence = "Nobody was signed in."
        self.remedy = remedy
        self.providerCode = providerCode
    }
}

extension OpenIDError: CustomStringConvertible {
    package var description: String { "\(summary) \(consequence) \(remedy)" }
}

extension OpenIDError {
    private static let signInAgain = "Start again from the sign-in page."

    static func addressNotAllowed(_ what: String, _ settings: OpenIDSettings) -> OpenIDError {
        OpenIDError(
            .addressNotAllowed, "The \(what) of \(settings.displayName) is not an address that may be called.",
            remedy:
                "Set the issuer to its public https address; for an issuer in your own network allow internal addresses."
        )
    }

    static func unreachable(_ error: TransportError, _ settings: OpenIDSettings) -> OpenIDError {
        OpenIDError(
            .unreachable, "\(settings.displayName) does not answer (\(error)).",
            remedy: "Try again in a minute; if that does not help, check this server's way to the Internet.")
    }

    static func discoveryUnusable(_ why: String, _ settings: OpenIDSettings) -> OpenIDError {
        OpenIDError(
            .discoveryUnusable, "What \(settings.displayName) says about its sign-in cannot be used: \(why).",
            remedy: "Check the issuer in the settings: it must be spelled exactly as the provider documents it.")
    }

    static func answerUnusable(_ settings: OpenIDSettings, status: Int) -> OpenIDError {
        OpenIDError(
            .answerUnusable,
            "\(settings.displayName) answered the sign-in with something else than a token (status \(status)).",
            remedy: "Try again in a minute; if it stays, check that the issuer in the settings is the right one.")
    }

    static func tokenRefused(_ error: IDTokenError, _ settings: OpenIDSettings) -> OpenIDError {
        let remedy =
            switch error {
            case .expired, .notYetValid: "Check that this server's clock is right, then sign in again."
            case .wrongNonce: signInAgain
            default: "\(signInAgain) If it stays, check issuer and client id in the settings."
            }
        return OpenIDError(
            .tokenRefused, "The token from \(settings.displayName) was not believed: \(error).", remedy: remedy)
    }

    static func tenantNotAdmitted(_ settings: OpenIDSettings) -> OpenIDError {
        OpenIDError(
            .tenantNotAdmitted, "Accounts of this organization may not sign in here.",
            remedy: "Choose another account, or ask the operator to admit your organization.")
    }

    /// What the browser brought back instead of a code, by the parameters `error` and `error_description`.
    package static func sentBack(_ error: String, description: String?, settings: OpenIDSettings) -> OpenIDError {
        let code = vendorCode(error, description)
        if ["access_denied", "interaction_required", "login_required", "consent_required"].contains(error) {
            return OpenIDError(
                .declined, "The sign-in at \(settings.displayName) was cancelled or not allowed.",
                remedy: "\(signInAgain) If your organization must allow it first, ask its administrator.",
                providerCode: code)
        }
        return OpenIDError(
            .refused, "\(settings.displayName) refused the sign-in.",
            remedy: "\(signInAgain) If it stays, tell the operator the code \(code).", providerCode: code)
    }

    /// What the token endpoint refused with.
    static func refusal(_ error: String, description: String?, settings: OpenIDSettings) -> OpenIDError {
        let code = vendorCode(error, description)
        switch error {
        case "invalid_grant":
            return OpenIDError(
                .codeRefused, "\(settings.displayName) no longer knows this sign-in: it is too old or was used before.",
                remedy: signInAgain, providerCode: code)
        case "invalid_client", "unauthorized_client":
            return OpenIDError(
                .clientRefused, "\(settings.displayName) does not accept this installation's client id or secret.",
                remedy: "The operator must check client id and secret in the settings; secrets expire.",
                providerCode: code)
        case "redirect_uri_mismatch":
            return OpenIDError(
                .clientRefused, "\(settings.displayName) does not know the address that people come back to.",
                remedy: "Register this installation's sign-in address with the application there.", providerCode: code)
        default:
            return OpenIDError(
                .refused, "\(settings.displayName) refused the sign-in.",
                remedy: "\(signInAgain) If it stays, tell the operator the code \(code).", providerCode: code)
        }
    }

    /// The issuer's own code. It came through a browser: only what looks like a code is kept.
    private static func vendorCode(_ error: String, _ description: String?) -> String {
        if let number = (description ?? "").firstMatch(of: /AADSTS\d{4,8}/) { return String(number.output) }
        let isCode =
            !error.isEmpty && error.utf8.count <= 60
            && error.utf8.allSatisfy { (0x61...0x7a).contains($0) || $0 == 0x5f }
        return isCode ? error : "unknown"
    }
}
