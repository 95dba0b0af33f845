import CalendarModel
import SQLStore
import SyncEngine
import SyncService
import TestSupport
import Testing

@Suite("The doctor")
struct DoctorTests {
    private static let good = Finding(
        check: "room.readable", subject: Samples.mirror.address, verdict: .good, evidence: "It can be read.",
        step: .grantFullAccess)
    private static let bad = Finding(
        check: "room.readable", subject: Samples.mirror.address, verdict: .bad, evidence: "Access denied.",
        diagnosis: Diagnosis(
            code: "x", summary: "Access denied.", consequence: "The room is not certain.",
            remedy: "Give Full Access.", step: .grantFullAccess, vendorCode: "ErrorAccessDenied"))

    private func verdicts(_ run: DoctorRun) -> [String: Finding.Verdict] {
        Dictionary(run.entries.map { ($0.finding.check, $0.finding.verdict) }, uniquingKeysWith: { $1 })
    }

    @Test("Installation, mapping, connection and rooms are checked, and the run is kept")
    func whole() async throws {
        let office = try await SmallOffice()
        let run = try await office.doctor().examine(SmallOffice.organization, .asked)
        #expect(
            verdicts(run) == [
                "timeZones": .good, "database": .good, "rooms.mapped": .good, "connection": .good,
                "memory.calendar": .good,
            ])
        #expect(run.entries.last?.connectionName == "main")
        #expect(try await office.store.latestDoctorRun(of: SmallOffice.organization) == run)
        let view = DoctorView(run, states: try await office.store.doctorChecks(of: SmallOffice.organization))
        #expect(view.bad == 0 && view.good == 5 && view.entries.allSatisfy { $0.since != nil })
    }

    @Test("Rooms that nobody linked, and an organization without a connection, name their step")
    func missing() async throws {
        let office = try await SmallOffice()
        try await office.store.removeLink(SmallOffice.linkID)
        let unlinked = try await office.doctor().examine(SmallOffice.organization, .asked)
        #expect(unlinked.entries.filter { $0.finding.verdict == .bad }.map(\.finding.step) == [.mapRooms])
        try await office.store.addOrganization(Organization(id: "new", name: "New"), now: office.clock.now)
        let empty = try await office.doctor().examine("new", .asked)
        #expect(empty.entries.filter { $0.finding.verdict == .bad }.map(\.finding.step) == [.enterCredentials])
        #expect(verdicts(empty)["rooms.mapped"] == .notChecked)
    }

    private func rounds(_ office: SmallOffice, _ letters: Letters) -> DoctorRounds {
        DoctorRounds(
            doctor: office.doctor(mailbox: DoctorMail(portal: "https://sync.example")), store: office.store,
            notifier: letters, surroundings: office.surroundings(), logger: SmallOffice.silent)
    }

    @Test("Once a night each organization has its turn; one without a connection has none")
    func nightly() async throws {
        let office = try await SmallOffice()
        try await office.store.addOrganization(Organization(id: "new", name: "New"), now: office.clock.now)
        let rounds = rounds(office, Letters())
        for _ in 0..<5 { await rounds.round() }
        #expect(try await office.store.doctorRuns(of: SmallOffice.organization).count == 1)
        office.clock.advance(by: .seconds(86_400))
        await rounds.round()
        let runs = try await office.store.doctorRuns(of: SmallOffice.organization)
        #expect(runs.map(\.occasion) == [.scheduled, .scheduled])
        #expect(try await office.store.doctorRuns(of: "new") == [])
    }

    @Test(
        "A link that fails for want of a right brings the doctor; the administrators are told, each in their language")
    func failure() async throws {
        let office = try await SmallOffice()
        try await office.addAdministrator("anna", language: nil)
        try await office.addAdministrator("bodil", language: "nb")
        try await office.addAdministrator("rita", language: nil, role: .receptionist)
        let (letters, worker) = (Letters(), office.worker())
        let rounds = rounds(office, letters)
        await office.calendar.setFindings([Self.good])
        await rounds.round()
        // Somebody takes the right away.
        await office.calendar.setFindings([Self.bad])
        var faults = CalendarFaults()
        faults.rightsRevoked = true
        await office.calendar.set(faults)
        try await worker.runNow(SmallOffice.linkID, patience: .zero)
        await rounds.round()
        #expect(letters.sent == [])
        try await worker.runNow(SmallOffice.linkID, patience: .zero)
        for _ in 0..<3 {
            await rounds.round()
            office.clock.advance(by: .seconds(60))
        }
        #expect(letters.sent.map(\.address) == ["anna@contoso.example", "bodil@contoso.example"])
        let english = try #require(letters.sent.first)
        #expect(english.language == "en" && english.subject == "Contoso: check fails – room.readable")
        for part in [
            "Hello anna,", "room.readable (main, oslo-ext@contoso.example)", "Found: Access denied.",
            "What to do: Give Full Access.", "Step of the manual: Give the service account Full Access",
            "The vendor's code: ErrorAccessDenied", "https://sync.example/o/org/doctor",
        ] {
            #expect(english.text.contains(part), "\(english.text)")
        }
        let norwegian = try #require(letters.sent.last)
        #expect(norwegian.language == "nb" && norwegian.subject == "Contoso: sjekk feiler – room.readable")
        #expect(norwegian.text.contains("Hei bodil,") && norwegian.text.contains("Gjør dette: Give Full Access."))
        // And is given it back.
        await office.calendar.setFindings([Self.good])
        await office.calendar.set(CalendarFaults.none)
        office.clock.advance(by: .seconds(900))
        try await worker.runNow(SmallOffice.linkID, patience: .zero)
        await rounds.round()
        #expect(letters.sent.count == 4)
        #expect(
            letters.sent.suffix(2).map(\.subject) == [
                "Contoso: room sync works again", "Contoso: romsynkroniseringen virker igjen",
            ])
        #expect(letters.sent.last?.text.contains("Dette virker igjen:") == true)
        let runs = try await office.store.doctorRuns(of: SmallOffice.organization)
        #expect(runs.map(\.occasion) == [.failure, .failure, .scheduled])
    }

    @Test("A message that cannot be sent is tried again, and comes once")
    func retry() async throws {
        let office = try await SmallOffice()
        try await office.addAdministrator("anna", language: nil)
        let letters = Letters()
        let rounds = rounds(office, letters)
        let doctor = office.doctor(mailbox: DoctorMail())
        await office.calendar.setFindings([Self.good])
        await rounds.round()
        await office.calendar.setFindings([Self.bad])
        letters.setDown(true)
        try await doctor.examine(SmallOffice.organization, .asked)
        await rounds.round()
        #expect(try await office.store.waitingNotices(of: SmallOffice.organization).count == 1)
        letters.setDown(false)
        await rounds.round()
        #expect(letters.sent == [])
        office.clock.advance(by: .seconds(61))
        for _ in 0..<3 { await rounds.round() }
        #expect(letters.sent.count == 1)
    }

    @Test("A passing fault of the vendor brings no doctor")
    func passing() async throws {
        let office = try await SmallOffice()
        let rounds = rounds(office, Letters())
        await rounds.round()
        await office.calendar.direct { _ in
            var fate = CallFate()
            fate.refusal = .transient
            return fate
        }
        for _ in 0..<4 { try await office.worker().runNow(SmallOffice.linkID, patience: .zero) }
        #expect(try await office.store.link(SmallOffice.linkID)?.failures == 4)
        await rounds.round()
        #expect(try await office.store.doctorRuns(of: SmallOffice.organization).count == 1)
    }

    @Test("A linked room is probed under its lease, and what was found stands in later runs")
    func probe() async throws {
        let office = try await SmallOffice()
        try await office.settle()
        let probe = ProbeMeeting(worker: office.worker())
        let place = ProbeMeeting.Place(
            organization: SmallOffice.organization, connection: "connection", address: Samples.mirror.address,
            zone: Times.oslo)
        _ = try await office.store.claim(
            SmallOffice.linkID, owner: "other", lease: .seconds(60), now: office.clock.now)
        await #expect(throws: LinkIsBusy.self) { try await probe.hold(at: place, patience: .zero) }
        office.clock.advance(by: .seconds(61))
        let findings = try await probe.hold(at: place)
        #expect(
            findings.map(\.check) == [
                "room.answers", "room.keepsSubject", "room.keepsPrivate", "room.bookingWindow",
            ])
        #expect(findings.map(\.verdict) == [.good, .warning, .warning, .good])
        #expect(try await office.store.openProbes() == [])
        // No pass sees anything of it.
        let report = try #require(try await office.pass())
        #expect(report.steps.isEmpty && report.isClean)
        #expect(try await office.bookings() == [])
        let run = try await office.doctor().examine(SmallOffice.organization, .asked)
        #expect(verdicts(run)["room.keepsSubject"] == .warning)
    }
}
