import CalendarModel
import SQLStore
import SyncEngine
import SyncService

/// The set-up of a calendar system that is never asked anything.
struct StillSetup: ConnectionSetup {
    let kind = "microsoft"
    let name = "Microsoft 365"
    let features = SetupFeatures(ways: [.password], asksConsent: true, hasOperatorApplication: true, scripts: [])

    private static let fault = NobodyIsAsked()

    func draft(of connection: ConnectionRecord) throws -> SetupDraft { SetupDraft(name: connection.name) }
    func settings(of draft: SetupDraft) throws -> String { "{}" }
    func secretNames(of draft: SetupDraft) -> Set<String> { [] }
    func requiredSecrets(of draft: SetupDraft) -> Set<String> { [] }
    func tenantID(of draft: SetupDraft) async throws -> String { throw Self.fault }
    func consentLink(_ draft: SetupDraft, redirectURI: String, state: String) throws -> String { throw Self.fault }
    func signInLink(_ draft: SetupDraft, redirectURI: String, state: String, challenge: String) throws -> String {
        throw Self.fault
    }
    func callback(query: String) -> SetupCallback { .unreadable }
    func proveConsent(_ draft: SetupDraft, secrets: [String: String]) async throws -> Bool { false }
    func redeem(
        _ draft: SetupDraft, secrets: [String: String], code: String, verifier: String, redirectURI: String
    ) async throws -> (proof: SetupProof, secrets: [String: String]) { throw Self.fault }
    func prove(_ draft: SetupDraft, secrets: [String: String]) async throws -> SetupProof { throw Self.fault }
    func connector(_ draft: SetupDraft, secrets: [String: String]) async throws -> any CalendarConnector {
        throw Self.fault
    }
    func permissions(_ draft: SetupDraft) -> [String] { [] }
    func script(_ script: SetupScript, _ draft: SetupDraft, rooms: [SetupScriptRoom]) -> String { "" }
    func connectionChanged(_ id: ConnectionID) async {}
}

private struct NobodyIsAsked: DiagnosedError {
    let diagnosis = Diagnosis(code: "test.still", summary: "Nobody is asked.", remedy: "Nothing to do.")
}
