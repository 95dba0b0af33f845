import Foundation
import HTTPTransport
import SyncEngine

/// Turns what the sign-in service answers into the port's errors.
enum SignInDiagnosis {
    static func error(
        for reply: HTTPReply, _ operation: String, _ retryAfter: Duration?
    ) -> ConnectorError {
        guard let refusal = try? JSONDecoder().decode(TokenRefusal.self, from: reply.body) else {
            return withoutReason(status: reply.status, operation, retryAfter)
        }
        let (kind, diagnosis) = diagnosis(for: refusal)
        if reply.status == 429 {
            return ConnectorError(.throttled, operation: operation, retryAfter: retryAfter, diagnosis: diagnosis)
        }
        if reply.status >= 500 {
            return ConnectorError(.transient, operation: operation, retryAfter: retryAfter, diagnosis: diagnosis)
        }
        return ConnectorError(kind, operation: operation, retryAfter: retryAfter, diagnosis: diagnosis)
    }

    static func diagnosis(for refusal: TokenRefusal) -> (kind: ConnectorError.Kind, diagnosis: Diagnosis) {
        let row = refusal.numbers.lazy.compactMap(SignInFault.row).first ?? byWord(refusal)
        let isPassing = row?.isPassing ?? ["temporarily_unavailable", "server_error"].contains(refusal.error)
        let diagnosis = Diagnosis(
            code: row?.code ?? (isPassing ? "microsoft.signIn.serviceBusy" : "microsoft.signIn.refused"),
            summary: row?.summary ?? "Microsoft refused the sign-in.",
            consequence: SignInFault.consequence,
            remedy: row?.remedy
                ?? """
                Look up \(refusal.vendorCode) at login.microsoftonline.com/error, and see the service account's sign-in \
                log in Entra ID.
                """,
            step: row?.step, vendorCode: refusal.vendorCode, reference: refusal.reference)
        return (isPassing ? .transient : .unauthorized, diagnosis)
    }

    /// What `suberror` and `error` say when the number is not in the catalogue.
    private static func byWord(_ refusal: TokenRefusal) -> SignInFault? {
        switch (refusal.suberror, refusal.error) {
        case ("consent_required", _), (_, "consent_required"): SignInFault.row(for: 65001)
        case ("user_password_expired", _): SignInFault.row(for: 50055)
        case ("basic_action", _), ("additional_action", _), (_, "interaction_required"): SignInFault.row(for: 50076)
        case (_, "access_denied"), (_, "permission_denied"): SignInFault.row(for: 65004)
        case (_, "invalid_client"): SignInFault.row(for: 7000215)
        case (_, "unauthorized_client"): SignInFault.row(for: 700016)
        case (_, "invalid_scope"): SignInFault.row(for: 70011)
        case (_, "temporarily_unavailable"), (_, "server_error"): SignInFault.row(for: 90033)
        default: nil
        }
    }

    private static func withoutReason(
        status: Int, _ operation: String, _ retryAfter: Duration?
    ) -> ConnectorError {
        let isPassing = status == 408 || status == 429 || status >= 500
        let kind: ConnectorError.Kind = status == 429 ? .throttled : isPassing ? .transient : .protocolViolation
        return ConnectorError(
            kind, operation: operation, retryAfter: retryAfter,
            diagnosis: Diagnosis(
                code: isPassing ? "microsoft.signIn.serviceBusy" : "microsoft.signIn.unreadable",
                summary: "The sign-in service answered \(status) without a reason.",
                consequence: SignInFault.consequence,
                remedy: isPassing
                    ? "Nothing to do: it is tried again."
                    : "Check the connection's login address; it must be Entra ID's.",
                step: isPassing ? nil : .enterCredentials, vendorCode: "HTTP \(status)"))
    }

    static func error(for lost: TransportError, _ operation: String, host: String) -> ConnectorError {
        if lost == .cancelled { return .cancelled(operation) }
        return ConnectorError(
            lost.isInvalidCall ? .rejected : .transient, operation: operation,
            diagnosis: NetworkDiagnosis.diagnosis(for: lost, host: host))
    }

    static let neverSignedIn = Diagnosis(
        code: "microsoft.signIn.neverSignedIn", summary: "The service account has never signed in.",
        consequence: SignInFault.consequence, remedy: "Sign in with the service account from the connection's page.",
        step: .enterCredentials)

    static let noRefreshToken = Diagnosis(
        code: "microsoft.signIn.noRefreshToken", summary: "Microsoft gave no lasting sign-in.",
        consequence: SignInFault.consequence,
        remedy: "Add offline_access (“Maintain access to data”) to the application's permissions and sign in again.",
        step: .grantAdminConsent)

    static let refreshTokenNotKept = Diagnosis(
        code: "microsoft.signIn.notKept", summary: "The new sign-in could not be stored.",
        consequence: SignInFault.consequence, remedy: "Check the service's database; it is tried again.")

    static let cannotSign = Diagnosis(
        code: "microsoft.signIn.cannotSign",
        summary: "The application's private key could not sign the proof of identity.",
        consequence: SignInFault.consequence, remedy: "Enter the private key and its certificate again.",
        step: .registerApplication)
}

extension TransportError {
    var isInvalidCall: Bool {
        if case .invalidCall = self { return true }
        return false
    }
}
