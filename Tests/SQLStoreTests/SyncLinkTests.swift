import CalendarModel
import LoopBooking
import SQLStore
import TestSupport
import Testing

@testable import SyncEngine

@Suite("Links and the bookings of their rooms")
struct SyncLinkTests {
    @Test("A room has one link, and so has a resource")
    func oneLinkEach() async throws {
        let fixture = try await SyncFixture()
        var second = fixture.link
        second.id = "second"
        second.resourceAddress = "other@contoso.example"
        await #expect(throws: LinkError.roomLinked(to: fixture.link.resourceAddress)) {
            try await fixture.store.addLink(second, blindAfter: .seconds(600), now: fixture.clock.now)
        }
        second.resourceAddress = fixture.link.resourceAddress
        second.room = try await SyncFixture.addRoom("Bergen", of: "org", in: fixture.store, at: fixture.clock.now)
        await #expect(throws: LinkError.resourceLinked(to: "Oslo")) {
            try await fixture.store.addLink(second, blindAfter: .seconds(600), now: fixture.clock.now)
        }
    }

    @Test("A link reads back as it was written")
    func roundTrip() async throws {
        let policy = LinkPolicy(
            writing: .invite, clash: .calendarLeads, divergence: .loopBookingLeads, content: .busyOnly,
            whenBlind: .refuse, massDeletionShare: 0.5, massDeletionMinimum: 9)
        let fixture = try await SyncFixture(policy: policy)
        #expect(try await fixture.record().link == fixture.link)
        #expect(try await fixture.record().blindAfter == .seconds(600))
    }

    @Test("While the calendar was not read for too long, new bookings are held, or refused, as the link says")
    func blind() async throws {
        let holding = try await SyncFixture()
        try await holding.read()
        #expect(try await holding.book("2026-03-02 09:00").status == .confirmed)
        holding.clock.advance(by: .seconds(601))
        #expect(try await holding.record().condition(at: holding.clock.now) == .notCertain)
        let held = try await holding.book("2026-03-02 11:00")
        #expect(held.status == .pending)
        #expect(held.reason?.isEmpty == false)

        let refusing = try await SyncFixture(policy: LinkPolicy(whenBlind: .refuse))
        await #expect(throws: DeskError.self) { _ = try await refusing.book("2026-03-02 09:00") }
        #expect(try await refusing.desk.bookings(BookingQuery()).isEmpty)
    }

    @Test("A room that is invited is asked about each booking and each new time: they wait from the start")
    func invitedRoom() async throws {
        let fixture = try await SyncFixture(policy: LinkPolicy(writing: .invite))
        try await fixture.read()
        let desk = fixture.desk
        let made = try await fixture.book("2026-03-02 09:00")
        #expect(made.status == .pending)
        #expect(made.reason == "The room has not answered the invitation yet.")
        #expect(try await desk.changes(of: made.id).map(\.reason) == [made.reason])
        let yes = try await desk.setStatus(
            made.id, to: .confirmed, ifRevision: made.revision, by: .sync("link"), because: "The room accepted.")
        #expect(yes.reason == nil)
        let renamed = try await desk.change(made.id, BookingChange(subject: "Renamed"), by: .person("Anna"))
        #expect(renamed.status == .confirmed)
        let end = ZonedTime(wall: Times.wall("2026-03-02 09:30"), zone: Times.oslo.name)
        let shorter = try await desk.change(made.id, BookingChange(time: TimeChange(end: end)), by: .person("Anna"))
        #expect(shorter.status == .pending)
        #expect(shorter.reason == made.reason)

        // Who cannot be read is said first.
        fixture.clock.advance(by: .seconds(601))
        #expect(try await fixture.book("2026-03-02 11:00").reason?.contains("cannot be read") == true)
    }

    @Test("Of a series in a room that is invited the whole waits, not for the sake of one occurrence")
    func invitedSeries() async throws {
        let fixture = try await SyncFixture(policy: LinkPolicy(writing: .invite))
        try await fixture.read()
        let desk = fixture.desk
        var rule = RecurrenceChange()
        rule.frequency = .weekly
        rule.end = .after(count: 5)
        let made = try await desk.create(
            BookingDraft(
                room: fixture.link.room, time: TimeDraft(Times.at("2026-03-02 09:00")), subject: "Weekly",
                recurrence: rule), by: .person("Anna")
        ).entity
        #expect(made.status == .pending)
        _ = try await desk.setStatus(
            made.id, to: .confirmed, ifRevision: made.revision, by: .sync("link"), because: "The room accepted.")
        let third = Times.wall("2026-03-16 09:00")
        let noon = ZonedTime(wall: Times.wall("2026-03-16 12:00"), zone: Times.oslo.name)
        let one = ZonedTime(wall: Times.wall("2026-03-16 13:00"), zone: Times.oslo.name)
        let moved = try await desk.changeOccurrence(
            third, of: made.id, BookingChange(time: TimeChange(start: noon, end: one)), by: .person("Anna"))
        #expect(moved.status == .confirmed)
        let cut = try await desk.split(made.id, from: third, by: .person("Anna")).entity
        #expect(cut.booking.status == .pending)
        #expect(cut.following.status == .pending)
    }

    @Test("A linked room cannot be removed; without the link it can")
    func roomInUse() async throws {
        let fixture = try await SyncFixture()
        await #expect(throws: DeskError.self) { try await fixture.desk.removeRoom(fixture.link.room) }
        try await fixture.store.removeLink(fixture.link.id)
        try await fixture.desk.removeRoom(fixture.link.room)
    }

    @Test("Nothing of one organization is seen or woken by another, even with equal ids")
    func organizations() async throws {
        let fixture = try await SyncFixture()
        let (store, now) = (fixture.store, fixture.clock.now)
        let room = try await SyncFixture.addRoom("Oslo", of: "other", in: store, at: now)
        try await SyncFixture.addConnection("theirs", of: "other", in: store, at: now)
        var link = fixture.link
        link.id = "their link"
        link.organization = "other"
        link.connection = "theirs"
        link.room = room
        try await store.addLink(link, blindAfter: .seconds(600), now: now)
        #expect(try await store.links(of: "org").map(\.link.id) == [fixture.link.id])
        #expect(try await store.links(of: "other").map(\.link.id) == ["their link"])
        #expect(try await store.connections(of: "org").map(\.id) == ["connection"])

        let due = try await store.claimDueLinks(limit: 5, owner: "a", lease: .seconds(60), now: now)
        for link in due {
            try await store.release(link, owner: "a", next: now.advanced(by: .seconds(60)), failures: 0)
        }
        let booking = try await fixture.book("2026-03-02 09:00")
        #expect(
            try await store.claimDueLinks(limit: 5, owner: "a", lease: .seconds(60), now: now).map(\.link)
                == [fixture.link.id])

        for id in [fixture.link.id, link.id] {
            let entry = HistoryEntry(
                link: id, booking: booking.id, event: nil, at: now, action: "test", sentence: "Of \(id).")
            try await store.sync.apply([.tell(entry)], for: id, at: now)
        }
        #expect(try await store.history(of: booking.id, in: "org").map(\.sentence) == ["Of link."])
        #expect(try await store.history(of: booking.id, in: "other").map(\.sentence) == ["Of their link."])
    }

    @Test("A clash is told once to the organization it concerns")
    func clashes() async throws {
        let fixture = try await SyncFixture()
        let party = ClashNote.Party(
            origin: .calendar, booking: nil, event: "e1", span: Samples.meeting().span)
        let record = ClashRecord(
            link: fixture.link.id, note: ClashNote(winner: party, loser: party), reason: "Taken.",
            at: fixture.clock.now)
        try await fixture.store.sync.apply(
            [.clash(record), .clash(record)], for: fixture.link.id, at: fixture.clock.now)
        #expect(try await fixture.store.openClashes(of: "org").map(\.note) == [record.note])
        #expect(try await fixture.store.openClashes(of: "other").isEmpty)
    }
}
