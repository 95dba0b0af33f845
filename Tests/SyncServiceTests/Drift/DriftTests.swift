import CalendarModel
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import TestSupport
import Testing

@Suite("Drift")
struct DriftTests {
    /// A meeting made on each side, settled.
    private func settled(_ policy: LinkPolicy = LinkPolicy()) async throws -> (
        SmallOffice, ours: Booking, theirs: EventID
    ) {
        let office = try await SmallOffice(policy: policy)
        let ours = try await office.book("Ours", "2026-03-02 09:00", body: "Agenda\n\nLast line")
        let theirs = await office.calendar.personCreates(
            Samples.meeting("Theirs", Times.at("2026-03-02 11:00"), body: "Notes"))
        await office.calendar.personCreates(
            Samples.meeting("Invited", Times.at("2026-03-02 13:00"), organizer: Samples.erik), invitingRoom: true)
        try await office.settle()
        return (office, ours, theirs)
    }

    /// Changes the calendar so that no pass hears of it: as a reading that lost something would.
    private func behindTheBack(_ office: SmallOffice, _ change: () async throws -> Void) async throws {
        try await change()
        let memory = try await office.memory
        let cursor = try await office.calendar.readChanges(
            of: office.link.resourceAddress, since: nil, window: try #require(memory.cursor?.window)
        ).cursor
        try await office.store.sync.record(
            RecordedReading(observed: [], gone: [], cursor: cursor, at: office.clock.now), for: SmallOffice.linkID)
        office.clock.advance(by: .seconds(60))
        #expect(try await office.pass()?.steps.isEmpty == true)
    }

    @Test("A settled link has none", arguments: LinkPolicy.Content.allCases, WritingMode.allCases)
    func none(content: LinkPolicy.Content, writing: WritingMode) async throws {
        let office = try await SmallOffice(policy: LinkPolicy(writing: writing, content: content))
        try await office.book("Ours", "2026-03-02 09:00", body: "Agenda\n\nLast line")
        await office.calendar.personCreates(Samples.meeting("Theirs", Times.at("2026-03-02 09:30"), body: "Notes"))
        await office.calendar.personCreates(
            Samples.meeting("Invited", Times.at("2026-03-02 13:00"), sensitivity: .private), invitingRoom: true)
        try await office.pass()
        await office.calendar.answerInvitations()
        try await office.settle()
        let report = try await office.checkDrift()
        #expect(report.items == [])
        #expect(report.failure == nil && report.bookings > 1 && report.events > 1)
    }

    @Test("What a reading lost is found, and mended in one go")
    func lost() async throws {
        let (office, ours, theirs) = try await settled()
        let event = try #require(try await office.event(of: ours.id)?.id)
        try await behindTheBack(office) {
            await office.calendar.personChanges(theirs) { $0.subject = "Renamed" }
            await office.calendar.personChanges(event) { $0.time = Times.at("2026-03-02 15:00") }
            await office.calendar.personCreates(Samples.meeting("New", Times.at("2026-03-03 10:00")))
        }
        let report = try await office.checkDrift()
        #expect(Set(report.items.map(\.kind)) == [.missingHere, .differs])
        let renamed = try #require(report.items.first { $0.field == .subject })
        #expect(renamed.here == "Theirs" && renamed.there == "Renamed")
        let moved = try #require(report.items.first { $0.field == .time })
        #expect(moved.there == "Mon 2 March 2026, 15:00–16:00 (Europe/Oslo)")
        try await office.repairDrift()
        #expect(try await office.booking(called: "Renamed") != nil)
        #expect(try await office.booking(called: "New")?.status == .confirmed)
        #expect(try await office.checkDrift().items == [])
        #expect(try await Promises(office: office).broken() == [])
    }

    @Test("One item is mended and the others stay; the booking's story tells it")
    func one() async throws {
        let (office, _, theirs) = try await settled()
        try await behindTheBack(office) {
            await office.calendar.personChanges(theirs) { $0.subject = "Renamed" }
            await office.calendar.personCreates(Samples.meeting("New", Times.at("2026-03-03 10:00")))
        }
        let item = try #require(try await office.checkDrift().items.first { $0.field == .subject })
        let results = try await office.repairDrift([item.id])
        #expect(results.map(\.outcome) == ["The value in the calendar is taken over on the other side."])
        let record = try #require(try await office.store.latestDrift(of: SmallOffice.linkID))
        #expect(record.open.map(\.kind) == [.missingHere])
        let booking = try #require(try await office.booking(called: "Renamed"))
        let story = try await BookingStory.read(
            booking.id, organization: SmallOffice.organization, store: office.store, desk: office.desk)
        #expect(story.contains { $0.what.contains("the subject is not the same on both sides") })
    }

    @Test("A base that both sides seem to agree on hides nothing", arguments: LinkPolicy.Divergence.allCases)
    func wrongBase(divergence: LinkPolicy.Divergence) async throws {
        let (office, ours, _) = try await settled(LinkPolicy(divergence: divergence))
        var pairing = try #require(try await office.memory.pairings.values.first { $0.booking == ours.id })
        let event = try #require(pairing.event)
        try await behindTheBack(office) {
            await office.calendar.personChanges(event) { $0.subject = "Elsewhere" }
            let stands = try #require(await office.calendar.event(event))
            pairing.eventBase.subject = "Elsewhere"
            pairing.eventVersion = stands.version
            try await office.store.sync.apply(
                [.pair(pairing), .observe(ObservedEvent(event: stands, slotTakenAt: office.clock.now))],
                for: SmallOffice.linkID, at: office.clock.now)
        }
        let item = try #require(try await office.checkDrift().items.first)
        #expect(item.field == .subject && item.here == "Ours" && item.there == "Elsewhere")
        try await office.repairDrift()
        let wanted = divergence == .loopBookingLeads ? "Ours" : "Elsewhere"
        #expect(try await office.desk.booking(ours.id).meeting.subject == wanted)
        #expect(await office.calendar.event(event)?.meeting.subject == wanted)
        #expect(try await office.checkDrift().items == [])
    }

    @Test(
        "A meeting that vanished unseen is cancelled here, or written again, as one likes",
        arguments: DriftRepair.Missing.allCases)
    func vanished(missing: DriftRepair.Missing) async throws {
        let (office, ours, _) = try await settled()
        let event = try #require(try await office.event(of: ours.id)?.id)
        try await behindTheBack(office) { await office.calendar.personCancels(event) }
        #expect(try await office.checkDrift().items.map(\.kind) == [.missingThere])
        try await office.repairDrift(missing: missing)
        try await office.settle()
        let status = try await office.desk.booking(ours.id).status
        #expect(status == (missing == .follow ? .cancelled : .confirmed))
        #expect(await office.calendar.holdingEvents.count == (missing == .follow ? 2 : 3))
        #expect(try await office.checkDrift().items == [])
        #expect(try await Promises(office: office).broken() == [])
    }

    @Test("A pairing whose meeting is over with on both sides is stale, and ended")
    func stale() async throws {
        let (office, ours, _) = try await settled()
        let pairing = try #require(try await office.memory.pairings.values.first { $0.booking == ours.id })
        _ = try await office.desk.cancel(ours.id, by: .person("Anna"))
        try await office.settle()
        try await office.store.sync.apply([.pair(pairing)], for: SmallOffice.linkID, at: office.clock.now)
        try await office.store.driver.write { connection in
            try connection.execute("UPDATE pairings SET ended_us = NULL WHERE booking = $1", [.text(ours.id.rawValue)])
        }
        #expect(try await office.checkDrift().items.map(\.kind) == [.stalePairing])
        try await office.repairDrift()
        #expect(try await office.memory.pairings[pairing.id] == nil)
        #expect(try await office.checkDrift().items == [])
    }

    @Test("What was changed a moment ago is under way, not drift")
    func underWay() async throws {
        let (office, ours, _) = try await settled()
        try await office.change(ours.id, BookingChange(subject: "Renamed"))
        try await office.book("New", "2026-03-03 09:00")
        let report = try await office.checkDrift()
        #expect(report.items == [] && report.underWay == 2)
    }

    @Test("A calendar that cannot be read makes a report that says so")
    func unreadable() async throws {
        let (office, _, _) = try await settled()
        var faults = CalendarFaults()
        faults.rightsRevoked = true
        await office.calendar.set(faults)
        let report = try await office.checkDrift()
        #expect(report.failure?.code == "memory.forbidden" && report.items == [])
    }

    @Test("Values are repeated only where the policy lets them, and never of private meetings")
    func privacy() async throws {
        for (content, sensitivity) in [(LinkPolicy.Content.everything, Sensitivity.private), (.busyOnly, .normal)] {
            let (office, ours, _) = try await settled(LinkPolicy(content: content))
            let event = try #require(try await office.event(of: ours.id)?.id)
            try await behindTheBack(office) {
                await office.calendar.personChanges(event) { meeting in
                    meeting.subject = "Merger"
                    meeting.body = "Merger"
                    meeting.sensitivity = sensitivity
                    meeting.time = Times.at("2026-03-02 15:00")
                }
            }
            let report = try await office.checkDrift()
            #expect(report.items.contains { $0.field == .time })
            #expect(!"\(report)".contains("Merger"))
        }
    }

    @Test("The nightly turn comes once a night in the room's zone, spread by chance")
    func nightly() {
        let nightly = NightlyCheck(hour: 1, spread: .seconds(4 * 3600))
        let evening = Times.instant("2026-03-02 20:00")
        #expect(nightly.next(after: evening, in: Times.oslo, chance: 0) == Times.instant("2026-03-03 01:00"))
        #expect(nightly.next(after: evening, in: Times.oslo, chance: 0.5) == Times.instant("2026-03-03 03:00"))
        let night = Times.instant("2026-03-03 01:30")
        #expect(nightly.next(after: night, in: Times.oslo, chance: 0.25) == Times.instant("2026-03-03 02:00"))
        #expect(nightly.next(after: night, in: Times.oslo, chance: 0) == Times.instant("2026-03-04 01:00"))
    }
}
