import CalendarModel
import CalendarTime
import Foundation
import GraphConnector
import HTTPTransport
import LoopBooking
import SQLStore
import SQLiteDriver
import StandIns
import SyncEngine
import SyncService
import Testing

/// What a room's mailbox does with meetings, found out over real HTTP from loopsim's booking attendant.
@Suite("The connector against loopsim: probe meetings", .timeLimit(.minutes(3))) struct StandInProbeTests {
    private struct Source: ConnectorSource {
        let one: any CalendarConnector
        func connector(for connection: ConnectionID) async throws -> any CalendarConnector { one }
    }

    private static let organization = OrganizationID("contoso")
    private static let place = ProbeMeeting.Place(
        organization: organization, connection: "connection", address: StandInWorld.room,
        zone: ZoneID("Europe/Oslo"))

    private static func probe(
        _ world: StandInWorld, sleep: (@Sendable (Duration) async throws -> Void)? = nil
    ) async throws -> ProbeMeeting {
        let clock = world.clock
        let store = Store(driver: try SQLiteDriver.inMemory())
        try await store.migrate(now: clock.now)
        try await store.addOrganization(Organization(id: organization, name: "Contoso"), now: clock.now)
        try await store.addConnection(
            ConnectionRecord(
                id: "connection", organization: organization, name: "Contoso", kind: "microsoft", settings: "{}",
                createdAt: clock.now), secrets: [:])
        return ProbeMeeting(
            worker: SyncWorker(
                store: store, connectors: Source(one: world.connector), settings: WorkerSettings(node: "node"),
                bell: WakeBell(),
                surroundings: SyncWorker.Surroundings(
                    now: { clock.now }, newID: { UUID().uuidString.lowercased() },
                    sleep: sleep ?? { try await clock.surroundings.sleep($0) }, chance: { 0.5 }),
                logger: StandInWorld.logger))
    }

    private static func room(_ processing: String) -> String {
        #""fullAccess":["sync@contoso.example"],"calendarProcessing":{\#(processing)}"#
    }

    private func verdicts(_ findings: [Finding]) -> [String: Finding.Verdict] {
        Dictionary(findings.map { ($0.check, $0.verdict) }, uniquingKeysWith: { $1 })
    }

    /// Nothing of a probe is left in either mailbox.
    private static func isClear(_ world: StandInWorld) async -> Bool {
        for address in [StandInWorld.room, StandInWorld.account] {
            guard await world.world.rawEvents(of: address)["events"]?.array?.isEmpty == true else { return false }
        }
        return true
    }

    @Test func `A room as Exchange makes it loses subject and private flag, and takes half a year`() async throws {
        try await StandInWorld.run { world in
            let findings = try await Self.probe(world).hold(at: Self.place)
            #expect(
                verdicts(findings) == [
                    "room.answers": .good, "room.keepsSubject": .warning, "room.keepsPrivate": .warning,
                    "room.bookingWindow": .warning,
                ])
            let subject = findings.first { $0.check == "room.keepsSubject" }?.diagnosis
            #expect(
                subject?.remedy == """
                    Set-CalendarProcessing -Identity oslo-ext@contoso.example -DeleteSubject $false \
                    -AddOrganizerToSubject $false -DeleteComments $false
                    """)
            let window = findings.first { $0.check == "room.bookingWindow" }?.diagnosis
            #expect(window?.remedy.contains("-BookingWindowInDays 430") == true)
            #expect(await Self.isClear(world))
        }
    }

    @Test func `A room set up as recommended is good in every point`() async throws {
        let processing = """
            "deleteSubject":false,"addOrganizerToSubject":false,"deleteComments":false,"removePrivateProperty":false,\
            "bookingWindowInDays":900,"removeCanceledMeetings":true
            """
        try await StandInWorld.run(room: Self.room(processing)) { world in
            let findings = try await Self.probe(world).hold(at: Self.place)
            #expect(findings.count == 4 && findings.allSatisfy { $0.verdict == .good }, "\(findings)")
            #expect(await Self.isClear(world))
        }
    }

    @Test func `A room that does not answer is named, and nothing stays behind`() async throws {
        try await StandInWorld.run(room: Self.room(#""automateProcessing":"AutoUpdate""#)) { world in
            let findings = try await Self.probe(world).hold(at: Self.place)
            #expect(
                verdicts(findings) == [
                    "room.answers": .warning, "room.keepsSubject": .notChecked, "room.keepsPrivate": .notChecked,
                    "room.bookingWindow": .notChecked,
                ])
            #expect(findings.first?.diagnosis?.remedy.hasSuffix("-AutomateProcessing AutoAccept") == true)
            #expect(await Self.isClear(world))
        }
    }

    @Test func `A taken slot is left alone: the probe finds a free one`() async throws {
        try await StandInWorld.run(room: Self.room(#""bookingWindowInDays":900"#)) { world in
            let (status, _) = try await world.outlook(
                .post, "/me/events",
                """
                {"subject":"Theirs","start":{"dateTime":"2026-03-16T07:00:00","timeZone":"UTC"},
                "end":{"dateTime":"2026-03-16T14:00:00","timeZone":"UTC"},
                "attendees":[{"type":"resource","emailAddress":{"address":"\(StandInWorld.room)"}}]}
                """)
            #expect(status == 201)
            world.clock.pass(.seconds(5))
            let findings = try await Self.probe(world).hold(at: Self.place)
            #expect(findings.first { $0.check == "room.answers" }?.verdict == .good)
            #expect(await world.world.rawEvents(of: StandInWorld.room)["events"]?.array?.count == 1)
        }
    }

    @Test func `A probe that is cancelled half-way leaves nothing behind`() async throws {
        try await StandInWorld.run { world in
            let probe = try await Self.probe(world) { _ in throw CancellationError() }
            await #expect(throws: CancellationError.self) { try await probe.hold(at: Self.place) }
            // The room never answered: its copy is not said to be cancelled by now, and goes with the next start.
            world.clock.pass(.seconds(30))
            await ProbeRemains(store: probe.store, surroundings: try await Self.probe(world).surroundings)
                .removeAll(before: .distantFuture, by: Source(one: world.connector), logger: StandInWorld.logger)
            #expect(await Self.isClear(world))
            #expect(try await probe.store.openProbes() == [])
        }
    }

    @Test func `What a dead process wrote is removed by the next one`() async throws {
        try await StandInWorld.run { world in
            let probe = try await Self.probe(world)
            var record = ProbeRecord(
                id: "probe-1", organization: Self.organization, connection: "connection",
                address: StandInWorld.room, startedAt: world.clock.now)
            let tag = EventTag(link: "probe", booking: "probe-1", key: "key-1")
            let meeting = try StandInWorld.meeting("Probe", at: 9, day: 20)
            record.written = [ProbeRecord.Written(tag: tag, mode: .invite, span: meeting.span)]
            try await probe.store.keep(record)
            // The answer came to nobody.
            _ = try await world.connector.create(
                EventDraft(meeting: meeting, tag: tag, mode: .invite), in: StandInWorld.room)
            world.clock.pass(.seconds(5))
            await ProbeRemains(store: probe.store, surroundings: probe.surroundings)
                .removeAll(before: .distantFuture, by: Source(one: world.connector), logger: StandInWorld.logger)
            #expect(await Self.isClear(world))
            #expect(try await probe.store.openProbes() == [])
        }
    }

    @Test func `An application that cannot invite sees what it writes`() async throws {
        try await StandInWorld.run(
            method: .application(client: .secret("application secret")), namesAccount: false
        ) { world in
            _ = try await world.world.changeRegistration(StandInWorld.client, ["allowsPublicClientFlows": false])
            let findings = try await Self.probe(world).hold(at: Self.place)
            #expect(
                verdicts(findings) == [
                    "room.answers": .notChecked, "room.keepsSubject": .good, "room.keepsPrivate": .good,
                    "room.bookingWindow": .notChecked,
                ])
            #expect(await Self.isClear(world))
        }
    }
}
