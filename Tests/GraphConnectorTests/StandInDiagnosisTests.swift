import CalendarModel
import Foundation
import GraphConnector
import StandIns
import SyncEngine
import Testing

@Suite("The connector against loopsim: the doctor", .timeLimit(.minutes(3))) struct StandInDiagnosisTests {
    private static let allScopes =
        #""grantedScopes":["User.Read","Calendars.ReadWrite","Calendars.ReadWrite.Shared","Place.Read.All"]"#

    private func findings(
        settings: WorldSettings = WorldSettings(), account: String = "", room: String? = nil,
        application: String? = nil,
        method: SignInMethod? = nil, booked: Bool = false
    ) async throws -> [String: Finding] {
        let result = Box()
        try await StandInWorld.run(
            settings: settings, account: account, room: room, application: application, method: method
        ) { world in
            if booked {
                _ = try await world.create(StandInWorld.draft(try StandInWorld.meeting(at: 9)))
                _ = try await world.create(StandInWorld.draft(try StandInWorld.meeting(at: 11)))
            }
            await result.set(await world.connector.diagnose([StandInWorld.room]))
        }
        return await result.byCheck
    }

    private actor Box {
        var byCheck: [String: Finding] = [:]
        func set(_ findings: [Finding]) { for finding in findings { byCheck[finding.check] = finding } }
    }

    @Test func `A whole set-up is good in every point`() async throws {
        let findings = try await findings(booked: true)
        #expect(findings.count == 8)
        for (check, finding) in findings {
            #expect(finding.verdict == .good, "\(check): \(finding.evidence) \(String(describing: finding.diagnosis))")
        }
    }

    @Test func `A wrong password leaves the rest unchecked`() async throws {
        let findings = try await findings(
            method: .serviceAccount(name: StandInWorld.account, password: "wrong", client: .publicClient))
        #expect(findings["microsoft.signIn"]?.verdict == .bad)
        #expect(findings["microsoft.signIn"]?.diagnosis?.vendorCode == "AADSTS50126")
        #expect(findings["microsoft.signIn"]?.diagnosis?.step == .enterCredentials)
        #expect(findings["room.readable"]?.verdict == .notChecked)
    }

    @Test(
        arguments: [
            (#","requiresMFA":true"#, "secondFactorDemanded", ManualStep.switchOffTwoFactor),
            (#","passwordExpired":true"#, "passwordExpired", .neverExpirePassword),
            (#","isEnabled":false"#, "accountDisabled", .createServiceAccount),
        ])
    func `An account that is not ready names its step`(_ fields: String, _ code: String, _ step: ManualStep)
        async throws
    {
        let findings = try await findings(account: fields)
        #expect(findings["microsoft.signIn"]?.diagnosis?.code == "microsoft.signIn.\(code)")
        #expect(findings["microsoft.signIn"]?.diagnosis?.step == step)
    }

    @Test(
        arguments: [
            (#""grantedScopes":[]"#, "consentMissing", ManualStep.grantAdminConsent),
            ("\(Self.allScopes),\"assignmentRequired\":true", "accountNotAssigned", .assignServiceAccount),
            ("\(Self.allScopes),\"isEnabled\":false", "applicationDisabled", .registerApplication),
        ])
    func `An application that is not ready names its step`(
        _ fields: String, _ code: String, _ step: ManualStep
    ) async throws {
        let findings = try await findings(application: fields)
        #expect(findings["microsoft.signIn"]?.diagnosis?.code == "microsoft.signIn.\(code)")
        #expect(findings["microsoft.signIn"]?.diagnosis?.step == step)
    }

    @Test func `A service account without a mailbox is seen`() async throws {
        let findings = try await findings(account: #","hasMailbox":false"#)
        #expect(findings["microsoft.mailbox"]?.verdict == .bad)
        #expect(findings["microsoft.mailbox"]?.diagnosis?.step == .giveMailboxLicence)
        #expect(findings["room.readable"]?.verdict == .good)
    }

    @Test(arguments: ["ErrorAccessDenied", "DelegatedCalendarAccessDenied", "ErrorItemNotFound"])
    func `A room without Full Access is seen, whatever Exchange calls it`(_ code: String) async throws {
        var settings = WorldSettings()
        settings.graph.missingPermissionCode = code
        let findings = try await findings(settings: settings, room: #""fullAccess":[]"#)
        #expect(findings["room.readable"]?.verdict == .bad)
        #expect(findings["room.readable"]?.diagnosis?.step == .grantFullAccess)
        #expect(findings["microsoft.mailbox"]?.verdict == .good)
    }

    @Test func `A room whose changes cannot be listed is a warning`() async throws {
        var settings = WorldSettings()
        settings.deltaNextLinkForbidden = true
        let findings = try await findings(settings: settings, booked: true)
        #expect(findings["room.reader"]?.verdict == .warning)
        #expect(findings["room.readable"]?.verdict == .good)
    }
}
