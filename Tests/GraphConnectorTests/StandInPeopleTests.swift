import CalendarModel
import GraphConnector
import StandIns
import SyncEngine
import Testing

@Suite("The connector against loopsim: who is still there", .timeLimit(.minutes(2))) struct StandInPeopleTests {
    private static let base = #""User.Read","Calendars.ReadWrite","Calendars.ReadWrite.Shared","Place.Read.All""#

    private func presences(_ more: String, _ addresses: [String]) async throws -> [String: Presence] {
        let found = Found()
        try await StandInWorld.run(application: "\"grantedScopes\":[\(Self.base)\(more)]") { world in
            try await world.world.addUser(
                ["principalName": "e.dahl@contoso.example", "mail": "erik@contoso.example"], to: "contoso.example")
            try await world.world.addUser(
                ["principalName": "olav@contoso.example", "isEnabled": false], to: "contoso.example")
            await found.set(try await world.connector.people(addresses))
        }
        return await found.presences
    }

    private actor Found {
        var presences: [String: Presence] = [:]
        func set(_ presences: [String: Presence]) { self.presences = presences }
    }

    private static let asked = [
        StandInWorld.anna, "erik@contoso.example", "olav@contoso.example", "gone@contoso.example",
        "guest@fabrikam.example", StandInWorld.room,
    ]

    @Test func `Who is in the directory is told from who is not, by name or by address`() async throws {
        let found = try await presences(#","User.ReadBasic.All""#, Self.asked)
        #expect(
            found == [
                StandInWorld.anna: .present, "erik@contoso.example": .present, "olav@contoso.example": .present,
                "gone@contoso.example": .gone, "guest@fabrikam.example": .notAPerson, StandInWorld.room: .present,
            ])
    }

    @Test func `Who may not sign in any more is seen with the right to see it`() async throws {
        let found = try await presences(#","User.Read.All""#, Self.asked)
        #expect(found["olav@contoso.example"] == .disabled)
        #expect(found[StandInWorld.anna] == .present && found["gone@contoso.example"] == .gone)
    }

    @Test func `More than a batch of people is asked for`() async throws {
        let many = (1...45).map { "person\($0)@contoso.example" } + [StandInWorld.anna]
        let found = try await presences(#","User.ReadBasic.All""#, many)
        #expect(found.count == 46 && found.values.count { $0 == .gone } == 45)
    }

    @Test func `Without the permission nobody is said to be gone, and signing in works`() async throws {
        let error = await #expect(throws: ConnectorError.self) { try await presences("", Self.asked) }
        #expect(error?.diagnosis.code == "microsoft.people.notAllowed" && error?.kind == .forbidden)
    }
}
