import CalendarModel
import Foundation
import GraphConnector
import HTTPTransport
import Logging
import SyncEngine
import TestSupport
import Testing

/// The tables are written down a second time here, from Microsoft's documents, and tried over HTTP.
@Suite("Every refusal names the step that was missed", .timeLimit(.minutes(2))) struct CatalogueTests {
    private static let signIn: [(numbers: [Int], code: String, step: ManualStep?)] = [
        ([65001], "consentMissing", .grantAdminConsent), ([65004], "consentDeclined", .grantAdminConsent),
        ([90094, 90095], "consentNeedsAdministrator", .grantAdminConsent),
        ([650056, 65005], "permissionsMissing", .registerApplication),
        ([650053], "permissionUnknown", .registerApplication),
        ([650052, 650054, 500011], "serviceNotInTenant", .giveMailboxLicence),
        ([70011], "scopeInvalid", .registerApplication), ([50105], "accountNotAssigned", .assignServiceAccount),
        ([50076, 50072, 50074, 50078, 50079, 50158], "secondFactorDemanded", .switchOffTwoFactor),
        ([530035, 530032], "securityDefaults", .switchOffTwoFactor),
        ([53003, 53000, 53001, 53002, 50097, 50005], "blockedByPolicy", .switchOffTwoFactor),
        ([70043], "sessionTooOld", .switchOffTwoFactor), ([50126], "wrongPassword", .enterCredentials),
        ([50055], "passwordExpired", .neverExpirePassword), ([50144], "directoryPasswordExpired", .neverExpirePassword),
        ([50056], "noPassword", .createServiceAccount), ([50034], "accountUnknown", .createServiceAccount),
        ([51004, 50020, 16000], "accountNotInDirectory", .createServiceAccount),
        ([50053], "accountLocked", .enterCredentials), ([50057], "accountDisabled", .createServiceAccount),
        ([700016], "applicationUnknown", .grantAdminConsent),
        ([700011, 70001, 7000112], "applicationDisabled", .registerApplication),
        ([50194], "applicationSingleTenant", .registerApplication),
        ([50011, 500113, 900971], "redirectNotRegistered", .registerApplication),
        ([7000215], "wrongSecret", .registerApplication), ([7000222], "secretExpired", .registerApplication),
        ([7000218], "secretMissing", .registerApplication), ([700025], "secretNotAllowed", .registerApplication),
        ([700027, 50012], "wrongCertificate", .registerApplication), ([90002], "tenantUnknown", .enterCredentials),
        ([9001023, 90124, 90130], "tenantNotNamed", .enterCredentials),
        ([700082, 70008, 700084], "signInTooOld", .enterCredentials),
        ([50173, 50132, 50133], "signInRevoked", .enterCredentials), ([50196], "signInLoop", nil),
        ([54005, 501481, 70000], "codeNotAccepted", .enterCredentials),
        ([90033, 90055, 50033, 90006, 50087, 90024], "serviceBusy", nil),
    ]

    @Test func `Every number of the sign-in table leads to its row, over HTTP`() async throws {
        let rows = Self.signIn.flatMap { row in row.numbers.map { ($0, row.code, row.step) } }
        try await Self.tryingToSignIn { number in
            .init(
                status: 400,
                body: #"{"error":"invalid_grant","error_description":"AADSTS\#(number): x","error_codes":[\#(number)]}"#
            )
        } _: { signIn in
            for (number, code, step) in rows {
                let error = await signIn(String(number))
                #expect(error?.diagnosis.code == "microsoft.signIn.\(code)", "AADSTS\(number)")
                #expect(error?.diagnosis.step == step, "AADSTS\(number)")
                #expect(error?.diagnosis.vendorCode == "AADSTS\(number)")
                #expect(error?.kind == (step == nil ? .transient : .unauthorized), "AADSTS\(number)")
                #expect(error?.diagnosis.remedy.isEmpty == false)
            }
        }
    }

    @Test func `No number stands in two rows, and the tables are the same`() {
        let numbers = SignInFault.catalogue.flatMap(\.numbers)
        #expect(Set(numbers).count == numbers.count)
        #expect(Set(numbers) == Set(Self.signIn.flatMap(\.numbers)))
    }

    @Test(
        arguments: [
            (#""error":"invalid_grant","suberror":"consent_required""#, "consentMissing"),
            (#""error":"invalid_grant","suberror":"user_password_expired""#, "passwordExpired"),
            (#""error":"interaction_required""#, "secondFactorDemanded"),
            (#""error":"invalid_client""#, "wrongSecret"), (#""error":"invalid_scope""#, "scopeInvalid"),
            (#""error":"unauthorized_client""#, "applicationUnknown"), (#""error":"invalid_grant""#, "refused"),
            (#""error":"invalid_grant","error_description":"AADSTS50055: x""#, "passwordExpired"),
        ])
    func `Where the number is unknown, the words decide`(_ fields: String, _ code: String) async throws {
        try await Self.tryingToSignIn { _ in
            .init(status: 400, body: "{\(fields)}")
        } _: { signIn in
            #expect(await signIn("x")?.diagnosis.code == "microsoft.signIn.\(code)")
        }
    }

    @Test func `A page that is no token endpoint is told apart from a busy one`() async throws {
        try await Self.tryingToSignIn { name in
            .init(status: Int(name) ?? 0, body: "<html>")
        } _: { signIn in
            #expect(await signIn("404")?.kind == .protocolViolation)
            #expect(await signIn("200")?.kind == .protocolViolation)
            #expect(await signIn("500")?.kind == .transient)
            #expect(await signIn("429")?.kind == .throttled)
        }
    }

    /// Signs in as a user whose name is what the script decides by.
    private static func tryingToSignIn(
        _ script: @escaping @Sendable (_ name: String) -> ScriptedServer.Answer,
        _ body: @Sendable @escaping (_ signIn: @Sendable (String) async -> ConnectorError?) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        try await ScriptedServer.run({ asked in
            let field = asked.body.split(separator: "&").first { $0.hasPrefix("username=") } ?? ""
            return script(String(field.dropFirst("username=".count)))
        }) { server in
            try await HTTPTransport.withTransport(logger: logger) { transport in
                try await body { name in
                    let configuration = GraphConfiguration(
                        tenant: "t", clientID: "c", graphURL: server.url, loginURL: server.url)
                    let tokens = EntraTokens(
                        configuration: configuration,
                        method: .serviceAccount(name: name, password: "p", client: .publicClient),
                        refreshTokens: TransientRefreshTokenStore(), transport: transport,
                        surroundings: TestClock().surroundings, logger: logger)
                    do throws(ConnectorError) {
                        _ = try await tokens.token()
                        return nil
                    } catch {
                        return error
                    }
                }
            }
        }
    }

    private static let graph: [(status: Int, code: String, kind: ConnectorError.Kind, row: String, step: ManualStep?)] =
        [
            (410, "syncStateNotFound", .cursorExpired, "cursor.expired", nil),
            (400, "SyncStateNotFound", .cursorExpired, "cursor.expired", nil),
            (404, "syncStateInvalid", .cursorExpired, "cursor.expired", nil),
            (400, "resyncRequired", .cursorExpired, "cursor.expired", nil),
            (410, "", .cursorExpired, "cursor.expired", nil),
            (404, "MailboxNotEnabledForRESTAPI", .forbidden, "mailbox.missing", .giveMailboxLicence),
            (404, "ErrorInvalidUser", .forbidden, "mailbox.unknown", .createMirrorRoom),
            (404, "Request_ResourceNotFound", .forbidden, "mailbox.unknown", .createMirrorRoom),
            (403, "DelegatedCalendarAccessDenied", .forbidden, "room.notShared", .grantFullAccess),
            (403, "ErrorAccessDenied", .forbidden, "room.accessDenied", .grantFullAccess),
            (403, "Authorization_RequestDenied", .forbidden, "permission.missing", .grantAdminConsent),
            (403, "AccessDenied", .forbidden, "permission.missing", .grantAdminConsent),
            (403, "Anything", .forbidden, "forbidden", .grantFullAccess),
            (401, "InvalidAuthenticationToken", .unauthorized, "token.rejected", .enterCredentials),
            (401, "", .unauthorized, "token.rejected", .enterCredentials),
            (409, "ErrorIrresolvableConflict", .preconditionFailed, "event.changed", nil),
            (412, "", .preconditionFailed, "event.changed", nil), (429, "", .throttled, "throttled", nil),
            (429, "ApplicationThrottled", .throttled, "throttled", nil),
            (404, "ErrorItemNotFound", .notFound, "event.notFound", .grantFullAccess),
            (409, "ErrorDuplicateTransactionId", .conflict, "event.exists", nil),
            (400, "ErrorOccurrenceCrossingBoundary", .rejected, "event.occurrenceCrossing", nil),
            (400, "ErrorCalendarViewRangeTooBig", .rejected, "window.tooLarge", nil),
            (507, "", .transient, "storage.full", nil),
            (503, "ErrorMailboxStoreUnavailable", .transient, "mailbox.unavailable", nil),
            (500, "", .transient, "serviceFault", nil), (504, "UnknownError", .transient, "serviceFault", nil),
            (400, "ErrorInvalidRequest", .rejected, "rejected", nil), (405, "", .rejected, "rejected", nil),
        ]

    @Test(arguments: Self.graph.indices)
    func `Every answer of Graph leads to its row, over HTTP`(_ index: Int) async throws {
        let row = Self.graph[index]
        try await ScriptedGraph.run { _ in
            .init(status: row.status, body: row.code.isEmpty ? "" : GraphJSON.error(row.code))
        } _: { graph in
            // A search, because "not found" is an answer to a fetch.
            let error = await #expect(throws: ConnectorError.self) {
                try await graph.connector.tags(of: ["e"], in: ScriptedGraph.room)
            }
            #expect(error?.kind == row.kind)
            #expect(error?.diagnosis.code == "microsoft.\(row.row)")
            #expect(error?.diagnosis.step == row.step)
            #expect(error?.diagnosis.vendorCode == (row.code.isEmpty ? "HTTP \(row.status)" : row.code))
            #expect(error.map { "\($0) \($0.diagnosis)" }?.contains("Secret subject") == false)
            if !row.code.isEmpty { #expect(error?.diagnosis.reference == "request r-1") }
        }
    }

    @Test func `A Graph that cannot be reached is named`() async throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        try await HTTPTransport.withTransport(logger: logger) { transport in
            let connector = GraphConnector(
                configuration: GraphConfiguration(tenant: "t", clientID: "c", graphURL: "http://graph.invalid/v1.0"),
                tokens: FixedTokens(), transport: transport, surroundings: TestClock().surroundings, logger: logger)
            let error = await #expect(throws: ConnectorError.self) { try await connector.discoverResources() }
            #expect(error?.kind == .transient)
            #expect(error?.diagnosis.code == "network.unreachable")
            #expect(error?.diagnosis.summary.contains("graph.invalid") == true)
        }
    }
}
