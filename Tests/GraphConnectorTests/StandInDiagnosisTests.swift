import CalendarModel
import Foundation
import GraphConnector
import HTTPTransport
import StandIns
import SyncEngine
import Testing

/// One prerequisite of the manual that somebody skipped.
struct Skipped: Sendable, CustomTestStringConvertible {
    var what: String
    /// The check that names it, and the step that mends it.
    var check: String
    var step: ManualStep?
    var account = ""
    var room: String?
    var application: String?
    var method: SignInMethod?
    var code: String?
    var verdict = Finding.Verdict.bad
    var asked = StandInWorld.room
    /// Done to the world before anybody signs in.
    var prepare: @Sendable (World) async throws -> Void = { _ in }

    var testDescription: String { what }

    private static let scopes =
        #""grantedScopes":["User.Read","Calendars.ReadWrite","Calendars.ReadWrite.Shared","Place.Read.All"]"#

    private static func password(_ name: String, _ password: String) -> SignInMethod {
        .serviceAccount(name: name, password: password, client: .publicClient)
    }

    static let all: [Skipped] = account + application + room

    private static let account: [Skipped] = [
        Skipped(
            what: "no account", check: "microsoft.account", step: .createServiceAccount,
            method: password("ghost@contoso.example", "right")),
        Skipped(
            what: "a blocked account", check: "microsoft.account", step: .createServiceAccount,
            account: #","isEnabled":false"#),
        Skipped(
            what: "an account without a password", check: "microsoft.account", step: .createServiceAccount,
            prepare: { world in
                try await world.changeUser(StandInWorld.account, of: "contoso.example", ["password": .null])
            }),
        Skipped(
            what: "an expired password", check: "microsoft.password", step: .neverExpirePassword,
            account: #","passwordExpired":true"#),
        Skipped(
            what: "a second factor", check: "microsoft.twoFactor", step: .switchOffTwoFactor,
            account: #","requiresMFA":true"#),
        Skipped(
            what: "security defaults", check: "microsoft.twoFactor", step: .switchOffTwoFactor,
            prepare: { world in _ = try await world.changeTenant("contoso.example", ["securityDefaults": true]) }),
        Skipped(
            what: "a policy that blocks", check: "microsoft.twoFactor", step: .switchOffTwoFactor,
            prepare: { world in
                _ = try await world.changeTenant("contoso.example", ["conditionalAccessBlocks": true])
            }),
        Skipped(
            what: "a wrong password", check: "microsoft.signIn", step: .enterCredentials,
            method: password(StandInWorld.account, "wrong")),
        Skipped(
            what: "no mailbox", check: "microsoft.mailbox", step: .giveMailboxLicence, account: #","hasMailbox":false"#),
    ]

    private static let application: [Skipped] = [
        Skipped(
            what: "no consent", check: "microsoft.consent", step: .grantAdminConsent,
            application: #""grantedScopes":[]"#),
        Skipped(
            what: "an application that was never seen", check: "microsoft.consent", step: .grantAdminConsent,
            prepare: { try await $0.removeApplication(StandInWorld.client, from: "contoso.example") }),
        Skipped(
            what: "a permission that was not granted", check: "microsoft.scopes", step: .grantAdminConsent,
            application: #""grantedScopes":["User.Read","Calendars.ReadWrite","Calendars.ReadWrite.Shared"]"#),
        Skipped(
            what: "an account that is not assigned", check: "microsoft.assignment", step: .assignServiceAccount,
            application: "\(scopes),\"assignmentRequired\":true"),
        Skipped(
            what: "a disabled application", check: "microsoft.application", step: .registerApplication,
            application: "\(scopes),\"isEnabled\":false"),
        Skipped(
            what: "public clients not allowed", check: "microsoft.application", step: .registerApplication,
            prepare: { world in
                _ = try await world.changeRegistration(StandInWorld.client, ["allowsPublicClientFlows": false])
            }),
    ]

    private static let room: [Skipped] =
        ["ErrorAccessDenied", "DelegatedCalendarAccessDenied", "ErrorItemNotFound"].map { code in
            Skipped(
                what: "no Full Access, as " + code, check: "room.readable", step: .grantFullAccess,
                room: #""fullAccess":[]"#, code: code)
        } + [
            Skipped(
                what: "no mirror", check: "room.found", step: .createMirrorRoom, asked: "narvik-ext@contoso.example"),
            Skipped(
                what: "a mirror that is not listed", check: "room.found", step: .createMirrorRoom,
                room: #""fullAccess":["sync@contoso.example"],"listedInPlaces":false"#, verdict: .warning),
            Skipped(
                what: "a right to read only", check: "room.writable", step: .grantFullAccess,
                room: #""readers":["sync@contoso.example"]"#),
            Skipped(
                what: "hidden private meetings", check: "room.privateVisible", step: .grantFullAccess,
                room: #""fullAccess":["sync@contoso.example"],"hidesPrivateItems":true"#),
            Skipped(
                what: "changes that may not be listed", check: "room.reader",
                room: #""fullAccess":["sync@contoso.example"],"refusesDeltaToDelegates":true"#, verdict: .warning),
        ]
}

@Suite("The connector against loopsim: the doctor", .timeLimit(.minutes(3))) struct StandInDiagnosisTests {
    private actor Box {
        var findings: [Finding] = []
        func set(_ found: [Finding]) { findings = found }
    }

    private func findings(_ skipped: Skipped?) async throws -> [Finding] {
        let result = Box()
        var settings = WorldSettings()
        if let code = skipped?.code { settings.graph.missingPermissionCode = code }
        try await StandInWorld.run(
            settings: settings, account: skipped?.account ?? "", room: skipped?.room,
            application: skipped?.application, method: skipped?.method
        ) { world in
            for hour in [9, 11] where skipped?.check != "room.writable" {
                _ = try? await world.connector.create(
                    StandInWorld.draft(try StandInWorld.meeting(at: hour)), in: StandInWorld.room)
            }
            try await skipped?.prepare(world.world)
            await result.set(await world.connector.diagnose([skipped?.asked ?? StandInWorld.room]))
        }
        return await result.findings
    }

    private static let names = [
        "network", "clock", "webhooks", "microsoft.account", "microsoft.password", "microsoft.twoFactor",
        "microsoft.application", "microsoft.consent", "microsoft.scopes", "microsoft.assignment", "microsoft.signIn",
        "microsoft.mailbox", "microsoft.places", "room.found", "room.readable", "room.writable",
        "room.privateVisible", "room.reader",
    ]

    @Test func `A whole set-up is good in every point`() async throws {
        let findings = try await findings(nil)
        #expect(findings.map(\.check) == Self.names)
        for finding in findings {
            #expect(finding.verdict == .good, "\(finding.check): \(finding.evidence)")
            #expect(!finding.evidence.isEmpty && finding.diagnosis == nil)
        }
        let steps = Set(findings.compactMap(\.step))
        #expect(steps == Set(ManualStep.allCases).subtracting([.mapRooms]))
    }

    @Test("A step that was skipped is named, and no other", arguments: Skipped.all)
    func skipped(_ skipped: Skipped) async throws {
        let findings = try await findings(skipped)
        #expect(findings.map(\.check) == Self.names)
        let named = findings.filter { $0.verdict == .bad || $0.verdict == .warning }
        #expect(named.map(\.check) == [skipped.check], "\(named)")
        let finding = try #require(named.first)
        #expect(finding.verdict == skipped.verdict)
        #expect(finding.step == skipped.step && finding.diagnosis?.step == skipped.step)
        #expect(finding.diagnosis?.remedy.isEmpty == false)
        for other in findings where other.verdict == .notChecked {
            #expect(other.evidence.hasPrefix("Not checked: "), "\(other)")
        }
    }

    @Test func `A permission that was not granted is named, and consent itself is good`() async throws {
        let skipped = try #require(Skipped.all.first { $0.check == "microsoft.scopes" })
        let findings = try await findings(skipped)
        #expect(findings.first { $0.check == "microsoft.consent" }?.verdict == .good)
        #expect(findings.first { $0.check == "microsoft.scopes" }?.evidence == "Missing: Place.Read.All.")
    }

    @Test func `The doctor signs in with the password although a token still works`() async throws {
        try await StandInWorld.run { world in
            _ = try await world.read()
            try await world.world.changeUser(
                StandInWorld.account, of: "contoso.example", ["passwordExpired": true])
            let findings = await world.connector.diagnose([StandInWorld.room])
            #expect(findings.filter { $0.verdict == .bad }.map(\.check) == ["microsoft.password"])
            // Whatever it found: what works goes on.
            _ = try await world.read()
        }
    }

    @Test(arguments: [(Int64(-60), Finding.Verdict.good), (180, .warning), (-200, .warning), (900, .bad)])
    func `A clock that is wrong is seen by what the vendor's says`(
        _ seconds: Int64, _ verdict: Finding.Verdict
    ) async throws {
        try await StandInWorld.run { world in
            let surroundings = world.clock.surroundings(machineClock: {
                TestClock.machine().advanced(by: .seconds(seconds))
            })
            let connector = world.connector(graphURL: "\(world.url)/v1.0", surroundings: surroundings)
            let findings = await connector.diagnose([])
            #expect(findings.first { $0.check == "clock" }?.verdict == verdict)
            #expect(findings.filter { $0.verdict != .good }.map(\.check) == (verdict == .good ? [] : ["clock"]))
        }
    }

    @Test func `A host that cannot be reached is named, and the rest is not checked`() async throws {
        try await StandInWorld.run { world in
            let connector = world.connector(
                graphURL: "http://127.0.0.1:1/v1.0", surroundings: world.clock.surroundings)
            let findings = await connector.diagnose([StandInWorld.room])
            let bad = findings.filter { $0.verdict == .bad }
            #expect(bad.map(\.check) == ["network"] && bad.first?.subject == "127.0.0.1:1")
            #expect(findings.first { $0.check == "microsoft.account" }?.verdict == .notChecked)
            #expect(findings.first { $0.check == "room.readable" }?.verdict == .notChecked)
        }
    }

    @Test func `An application of its own needs no account, and says so`() async throws {
        try await StandInWorld.run(
            method: .application(client: .secret("application secret")), namesAccount: false
        ) { world in
            _ = try await world.world.changeRegistration(
                StandInWorld.client, ["allowsPublicClientFlows": false])
            let findings = await world.connector.diagnose([StandInWorld.room])
            #expect(findings.map(\.check) == Self.names)
            #expect(findings.filter { $0.verdict == .bad || $0.verdict == .warning } == [])
            #expect(
                findings.filter { $0.verdict == .notChecked }.map(\.check) == [
                    "microsoft.account", "microsoft.password", "microsoft.twoFactor", "microsoft.consent",
                    "microsoft.scopes", "microsoft.assignment", "microsoft.mailbox",
                ])
        }
    }
}
