import CalendarModel
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import TestSupport
import Testing

@Suite("The clash desk")
struct ClashDeskTests {
    private let rita = ChangeAuthor.person("Rita")

    /// Ours was booked first; theirs was written into the calendar at the same time and lost.
    private func clashing(
        _ policy: LinkPolicy = LinkPolicy(), invited: Bool = false
    ) async throws -> (office: SmallOffice, ours: Booking, theirs: EventID, clash: ClashView) {
        let office = try await SmallOffice(policy: policy)
        let ours = try await office.book("Ours", "2026-03-02 09:00", body: "Agenda")
        try await office.settle()
        let theirs = await office.calendar.personCreates(
            Samples.meeting("Theirs", Times.at("2026-03-02 09:30"), body: "Their notes", organizer: Samples.erik),
            invitingRoom: invited)
        try await office.settle()
        let clash = try #require(try await office.clashes().first)
        return (office, ours, theirs, clash)
    }

    @Test("Both meetings lie side by side, and met again they are the same clash")
    func sideBySide() async throws {
        let (office, ours, theirs, clash) = try await clashing()
        #expect(clash.a.booking == ours.id.rawValue && clash.a.title == "Ours" && clash.a.organizer == "Anna Berg")
        #expect(clash.b.event == theirs.rawValue && clash.b.title == "Theirs" && clash.b.status == nil)
        #expect(clash.a.when == "Mon 2 March 2026, 09:00–10:00 (Europe/Oslo)")
        await office.calendar.personChanges(theirs) { $0.showAs = .busy }
        try await office.settle()
        #expect(try await office.clashes(all: true).map(\.id) == [clash.id])
        #expect(await office.calendar.event(theirs)?.meeting.showAs == .free)
    }

    @Test(
        "Under a policy that hides content, the desk shows none",
        arguments: [LinkPolicy.Content.busyOnly, .busyWithOrganizer])
    func hidden(content: LinkPolicy.Content) async throws {
        let (_, _, _, clash) = try await clashing(LinkPolicy(content: content))
        let words = "\(clash)"
        for secret in ["Theirs", "Ours", "notes", "Agenda"] { #expect(!words.contains(secret)) }
        #expect(clash.a.title == (content == .busyOnly ? "Busy" : "Anna Berg"))
        #expect(clash.a.organizer == (content == .busyOnly ? nil : "Anna Berg"))
    }

    @Test("Keeping A settles it: nothing changes, and it is decided", arguments: LinkPolicy.Clash.allCases)
    func keepA(policy: LinkPolicy.Clash) async throws {
        let (office, _, _, clash) = try await clashing(LinkPolicy(clash: policy))
        let before = try await office.bookings().map(\.status)
        let at = office.clock.now
        let decided = try await office.clashDesk.decide(clash.id, .keep(.a), by: rita)
        #expect(decided.state == "decided" && decided.decision?.by == "Rita")
        try await office.settle()
        #expect(try await office.bookings().map(\.status) == before)
        #expect(try await office.clashes().isEmpty)
        await #expect(throws: ClashError.decided(by: "Rita", at: at)) {
            _ = try await office.clashDesk.decide(clash.id, .keep(.b), by: self.rita)
        }
    }

    @Test("Keeping B gives it the room on both sides as it was written; A is told on its own side")
    func keepB() async throws {
        let (office, ours, theirs, clash) = try await clashing()
        _ = try await office.clashDesk.decide(clash.id, .keep(.b), by: rita)
        try await office.settle()
        let refused = try await office.desk.booking(ours.id)
        #expect(refused.status == .refused)
        #expect(refused.reason == "Rita gave Oslo to another meeting.")
        let event = try #require(await office.calendar.event(theirs))
        #expect(event.meeting.subject == "Theirs" && event.meeting.showAs == .busy)
        #expect(canonicalText(event.meeting.body) == "Their notes")
        #expect(try await office.booking(called: "Theirs")?.status == .confirmed)
        #expect(await office.calendar.holdingEvents.map(\.id) == [theirs])
        #expect(try await Promises(office: office).broken() == [])
        #expect(try await Promises(office: office).quiet() == [])
        #expect(try await office.memory.rulings.count == 1)
    }

    @Test("Taking it back restores both as they stood, on both sides, and the ruling is gone")
    func undo() async throws {
        let (office, ours, theirs, clash) = try await clashing()
        _ = try await office.clashDesk.decide(clash.id, .keep(.b), by: rita)
        try await office.settle()
        office.clock.advance(by: .seconds(600))
        let undone = try await office.clashDesk.undo(clash.id, by: rita)
        #expect(undone.state == "undone" && undone.decision?.undoneBy == "Rita")
        try await office.settle()
        let booking = try await office.desk.booking(ours.id)
        #expect(booking.status == .confirmed && booking.reason == nil)
        #expect(booking.slotTakenAt == ours.slotTakenAt)
        #expect(await office.calendar.event(theirs)?.meeting.showAs == .free)
        #expect(try await office.event(of: ours.id)?.meeting.subject == "Ours")
        #expect(try await office.memory.rulings.isEmpty)
        #expect(try await Promises(office: office).broken() == [])
        _ = try await office.clashDesk.decide(clash.id, .keep(.b), by: rita)
    }

    @Test("A decision that the calendar has not heard of yet is taken back without a trace there")
    func undoAtOnce() async throws {
        let (office, ours, theirs, clash) = try await clashing()
        let writes = await office.calendar.writes
        _ = try await office.clashDesk.decide(clash.id, .keep(.b), by: rita)
        _ = try await office.clashDesk.undo(clash.id, by: rita)
        try await office.settle()
        #expect(await office.calendar.writes == writes)
        #expect(try await office.desk.booking(ours.id).status == .confirmed)
        #expect(await office.calendar.event(theirs)?.meeting.showAs == .free)
    }

    @Test("After a day, after a change, and once an answer went out, it says why it cannot be taken back")
    func tooLate() async throws {
        let (office, ours, _, clash) = try await clashing()
        await #expect(throws: ClashError.notDecided) { _ = try await office.clashDesk.undo(clash.id, by: self.rita) }
        _ = try await office.clashDesk.decide(clash.id, .keep(.b), by: rita)
        try await office.settle()
        _ = try await office.book("A third", "2026-03-02 09:00", minutes: 30)
        await #expect(throws: ClashError.slotTaken(room: "Oslo")) {
            _ = try await office.clashDesk.undo(clash.id, by: self.rita)
        }
        _ = try await office.desk.cancel(ours.id, by: .person("Anna"))
        office.clock.advance(by: .seconds(86_401))
        await #expect(throws: ClashError.self) { _ = try await office.clashDesk.undo(clash.id, by: self.rita) }
    }

    @Test("A declined invitation cannot be accepted again; the desk says what its organizer must do")
    func declined() async throws {
        let (office, ours, theirs, clash) = try await clashing(invited: true)
        let decided = try await office.clashDesk.decide(clash.id, .keep(.b), by: rita)
        #expect(decided.decision?.remark?.contains("invite the room again") == true)
        try await office.settle()
        #expect(try await office.desk.booking(ours.id).status == .refused)
        #expect(await office.calendar.event(theirs)?.response == .declined)
    }

    @Test("A moves to a free room of at least that capacity, and B has the room")
    func moveA() async throws {
        let (office, ours, theirs, clash) = try await clashing()
        let bergen = try await office.addRoom("Bergen", capacity: 8)
        let shown = try await office.clashDesk.show(clash.id)
        #expect(shown.freeRooms["a"]?.map(\.name) == ["Bergen"])
        let decided = try await office.clashDesk.decide(clash.id, .move(.a, to: bergen), by: rita)
        try await office.settle()
        let booked = try await office.desk.booking(BookingID(try #require(decided.decision?.booked)))
        #expect(booked.room == bergen && booked.status == .confirmed && booked.meeting.body == "Agenda")
        #expect(booked.meeting.time.sameTime(as: ours.meeting.time))
        #expect(try await office.desk.booking(ours.id).reason?.contains("Rita moved it from Oslo to Bergen") == true)
        #expect(await office.calendar.holdingEvents.map(\.id) == [theirs])
        _ = try await office.clashDesk.undo(clash.id, by: rita)
        try await office.settle()
        #expect(try await office.desk.booking(booked.id).status == .cancelled)
        #expect(try await office.desk.booking(ours.id).status == .confirmed)
        #expect(try await Promises(office: office).broken() == [])
    }

    @Test("B moves to a free room with its content, and its event says where it is")
    func moveB() async throws {
        let (office, _, theirs, clash) = try await clashing()
        let bergen = try await office.addRoom("Bergen", capacity: 8)
        let decided = try await office.clashDesk.decide(clash.id, .move(.b, to: bergen), by: rita)
        try await office.settle()
        let booked = try await office.desk.booking(BookingID(try #require(decided.decision?.booked)))
        #expect(booked.meeting.subject == "Theirs" && booked.meeting.body == "Their notes")
        let event = try #require(await office.calendar.event(theirs))
        #expect(event.meeting.subject == "Not booked: Theirs")
        #expect(event.meeting.body.contains("to Bergen") && event.meeting.body.contains("Their notes"))
        #expect(!event.meeting.body.contains("already taken"))
    }

    @Test("A room that is too small, closed or taken is not offered and is refused")
    func rooms() async throws {
        let (office, _, _, clash) = try await clashing()
        let taken = try await office.addRoom("Taken", capacity: 20)
        let small = try await office.addRoom("Small", capacity: 2)
        try await office.bookRoom(taken, "2026-03-02 10:00")
        #expect(try await office.clashDesk.show(clash.id).freeRooms["a"]?.map(\.name) == ["Taken"])
        #expect(try await office.clashDesk.show(clash.id).freeRooms["b"]?.isEmpty == true)
        for room in [taken, small] {
            await #expect(throws: ClashError.self) {
                _ = try await office.clashDesk.decide(clash.id, .move(.b, to: room), by: self.rita)
            }
        }
        #expect(try await office.clashes().count == 1)
    }

    @Test("A clash closes by itself when one of the two goes away")
    func closes() async throws {
        let (office, ours, _, clash) = try await clashing()
        _ = try await office.desk.cancel(ours.id, by: .person("Anna"))
        try await office.settle()
        let closed = try #require(try await office.clashes(all: true).first)
        #expect(closed.id == clash.id && closed.state == "closed")
        #expect(closed.closing == "The meeting that had the room gave it up.")

        let (other, _, theirs, _) = try await clashing()
        await other.calendar.personCancels(theirs)
        try await other.settle()
        #expect(try await other.clashes(all: true).first?.closing?.contains("taken out of the calendar") == true)
    }

    @Test("What the calendar could not be told for a passing fault is told by a later pass")
    func faults() async throws {
        let (office, _, theirs, clash) = try await clashing()
        _ = try await office.clashDesk.decide(clash.id, .keep(.b), by: rita)
        var faults = CalendarFaults()
        faults.beforeEffect = 1
        await office.calendar.set(faults)
        await #expect(throws: ConnectorError.self) { try await office.pass() }
        await office.calendar.set(CalendarFaults.none)
        try await office.settle()
        #expect(await office.calendar.event(theirs)?.holdsRoom == true)
        #expect(try await Promises(office: office).broken() == [])
    }

    @Test("Nothing of one organization's desk is seen by another")
    func organizations() async throws {
        let (office, _, _, clash) = try await clashing()
        let now = office.clock.now
        try await office.store.addOrganization(Organization(id: "other", name: "Other"), now: now)
        let desk = ClashDesk(
            organization: "other", store: office.store,
            desk: office.store.desk(of: "other", now: { now }, newID: { "x" }), now: { now })
        #expect(try await desk.list(Set(Clash.State.allCases)).isEmpty)
        await #expect(throws: ClashError.noSuchClash(clash.id)) { _ = try await desk.show(clash.id) }
        await #expect(throws: ClashError.noSuchClash(clash.id)) {
            _ = try await desk.decide(clash.id, .keep(.a), by: self.rita)
        }
    }
}
