import CalendarModel
import SQLStore
import SyncEngine
import Testing

@Suite("Set-ups in the database")
struct SetupStoreTests {
    private let now = Instant(seconds: 1_772_366_400)

    private func opened() async throws -> (Store, ConnectionID) {
        let store = try await TestStore().store
        try await store.addOrganization(Organization(id: "acme", name: "Acme"), now: now)
        try await store.addOrganization(Organization(id: "other", name: "Other"), now: now)
        try await store.addSetup(
            SetupRecord(
                id: "setup", organization: "acme", kind: "microsoft", content: "{}", changedBy: "Ada", createdAt: now))
        return (store, "setup")
    }

    @Test("A change on an old revision is refused, and names who was faster")
    func revisions() async throws {
        let (store, id) = try await opened()
        try await store.changeSetup(id, of: "acme", content: #"{"a":1}"#, ifRevision: 1, by: "Bo", now: now)
        await #expect(throws: SetupStoreError.changed(revision: 2, by: "Bo")) {
            try await store.changeSetup(id, of: "acme", content: "{}", ifRevision: 1, by: "Ada", now: now)
        }
        await #expect(throws: SetupStoreError.noSuchSetup) {
            try await store.changeSetup(id, of: "other", content: "{}", ifRevision: nil, by: "Eve", now: now)
        }
        #expect(try await store.setup(id, of: "other") == nil)
        #expect(try await store.setup(id, of: "acme")?.content == #"{"a":1}"#)
    }

    @Test("Secrets move to the connection; those it renewed stay")
    func secrets() async throws {
        let (store, id) = try await opened()
        try await store.changeSetup(
            id, of: "acme", content: "{}", secrets: ["password": "sealed p", "clientSecret": "sealed c"],
            ifRevision: nil, by: "Ada", now: now)
        let record = ConnectionRecord(
            id: id, organization: "acme", name: "Contoso", kind: "microsoft", settings: "{}", createdAt: now)
        try await store.connect(record, secrets: ["password", "refreshToken"], now: now)
        #expect(try await store.sealedSecret("password", of: id) == "sealed p")
        #expect(try await store.sealedSecret("clientSecret", of: id) == nil)
        try await store.setSealedSecret("renewed", name: "refreshToken", of: id, now: now)
        try await store.connect(record, secrets: ["refreshToken"], now: now)
        #expect(try await store.sealedSecret("refreshToken", of: id) == "renewed")
        #expect(try await store.sealedSecret("password", of: id) == nil)
        #expect(try await store.setupSecrets(of: id) == ["refreshToken": "renewed"])
        var second = record
        second.id = "another"
        await #expect(throws: ConnectionError.nameTaken("Contoso")) {
            try await store.connect(second, secrets: [], now: now)
        }
    }

    @Test("Listed rooms that leave are marked, and come back")
    func resources() async throws {
        let (store, id) = try await opened()
        let (oslo, bergen) = (Resource(address: "Oslo@a", name: "Oslo"), Resource(address: "bergen@a", name: "Bergen"))
        try await store.keepListed([oslo, bergen], of: id, now: now)
        #expect(try await store.waitingResources(limit: 10).first?.addresses == ["bergen@a", "oslo@a"])
        try await store.keepListed([oslo], of: id, now: now)
        #expect(try await store.setupResources(of: id).map(\.isGone) == [true, false])
        try await store.keepListed([oslo, bergen], of: id, now: now)
        #expect(try await store.setupResources(of: id).allSatisfy { !$0.isGone })
    }

    @Test("The mapping is replaced as a whole, on its revision; previews of other pairs are forgotten")
    func mapping() async throws {
        let (store, id) = try await opened()
        let rows = [
            SetupMapping(room: "r1", resource: "oslo@a", policy: LinkPolicy()),
            SetupMapping(room: "r2", resource: "bergen@a", policy: LinkPolicy(content: .busyOnly)),
        ]
        #expect(
            try await store.setMapping(rows, of: id, in: "acme", ifRevision: 0, by: "Ada", now: now) == 1)
        await #expect(throws: SetupStoreError.changed(revision: 1, by: "Ada")) {
            try await store.setMapping([], of: id, in: "acme", ifRevision: 0, by: "Bo", now: now)
        }
        try await store.wantPreviews([("r1", "oslo@a"), ("r2", "bergen@a")], of: id, now: now)
        try await store.keepPreview("{}", counts: "{}", of: "r1", in: id, now: now)
        #expect(try await store.waitingPreviews(limit: 5).map(\.room) == ["r2"])
        try await store.setMapping(
            [rows[1], SetupMapping(room: "r1", resource: "voss@a", policy: LinkPolicy())], of: id, in: "acme",
            ifRevision: nil, by: "Bo", now: now)
        #expect(try await store.setupPreviews(of: id).map(\.room) == ["r2"])
        try await store.removeSetup(id, of: "acme")
        #expect(try await store.setupMapping(of: id).isEmpty)
    }

    @Test("Open pages hear of a set-up's changes")
    func mark() async throws {
        let (store, id) = try await opened()
        let before = try await store.changeMark(of: "acme")
        try await store.keepListed([], of: id, now: now.advanced(by: .seconds(1)))
        #expect(try await store.changeMark(of: "acme") != before)
    }
}
