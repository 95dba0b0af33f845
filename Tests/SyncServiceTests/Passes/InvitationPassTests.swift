import CalendarModel
import LoopBooking
import SyncEngine
import SyncService
import TestSupport
import Testing

@Suite("Passes over our own invitations")
struct InvitationPassTests {
    private static let nine = Times.at("2026-03-02 09:00")
    private static let noon = Times.at("2026-03-02 12:00")

    /// A booking whose invitation the room accepted.
    private static func accepted() async throws -> (SmallOffice, Booking, organizerEvent: EventID) {
        let office = try await SmallOffice(policy: LinkPolicy(writing: .invite))
        let booking = try await office.book("Ours", "2026-03-02 09:00", body: "Agenda")
        try await office.pass()
        await office.calendar.answerInvitations()
        try await office.settle()
        let pairing = try #require(try await office.memory.pairings.values.first)
        return (office, booking, try #require(pairing.organizerEvent))
    }

    private static func times(in office: SmallOffice, _ booking: BookingID) async throws -> [MeetingTime?] {
        let copy = try await office.event(of: booking)?.meeting.time
        return [try await office.desk.booking(booking).meeting.time, copy]
    }

    @Test("Moved at the service account's mailbox: the booking follows, waits for the room, and is confirmed")
    func moved() async throws {
        let (office, booking, organizerEvent) = try await Self.accepted()
        await office.calendar.serviceAccountChanges(organizerEvent) { $0.time = Self.noon }
        try await office.pass()
        #expect(try await Self.times(in: office, booking.id) == [Self.noon, Self.noon])
        #expect(try await office.desk.booking(booking.id).status == .pending)
        await office.calendar.answerInvitations()
        try await office.settle()
        #expect(try await office.desk.booking(booking.id).status == .confirmed)
        #expect(try await office.desk.booking(booking.id).meeting.subject == "Ours")
        #expect(try await Promises(office: office).quiet() == [])
    }

    @Test("A booking is never confirmed before the room accepted")
    func neverTooEarly() async throws {
        let office = try await SmallOffice(policy: LinkPolicy(writing: .invite))
        try await office.settle()
        let booking = try await office.book("Ours", "2026-03-02 09:00")
        for _ in 0..<3 { try await office.pass() }
        try await office.move(booking.id, to: Self.noon)
        for _ in 0..<3 { try await office.pass() }
        func statuses() async throws -> Set<BookingChangeRecord.Kind> {
            Set(try await office.desk.changes(of: booking.id).map(\.kind))
        }
        #expect(try await statuses() == [.created, .moved])
        #expect(try await office.desk.booking(booking.id).status == .pending)
        await office.calendar.answerInvitations()
        try await office.settle()
        #expect(try await statuses().contains(.confirmed))
    }

    @Test("The organizer's copy is read only when the room's copy says something else than was written")
    func isReadSeldom() async throws {
        let (office, booking, organizerEvent) = try await Self.accepted()
        func reads() async -> Int { await office.calendar.calls.count { $0 == "events.organizerCopy" } }
        let before = await reads()
        try await office.change(booking.id, BookingChange(subject: "Renamed"))
        try await office.settle()
        #expect(await reads() == before)
        await office.calendar.serviceAccountChanges(organizerEvent) { $0.time = Self.noon }
        await office.calendar.answerInvitations()
        try await office.settle()
        #expect(await reads() == before + 1)
    }

    @Test(
        "A move in LoopBooking whose answer was lost, and that was undone meanwhile, is not a move of the service account"
    )
    func undoneMeanwhile() async throws {
        let (office, booking, _) = try await Self.accepted()
        try await office.move(booking.id, to: Self.noon)
        await office.calendar.direct { call in
            var fate = CallFate()
            fate.losesAnswer = call == "events.update"
            return fate
        }
        try await office.pass()
        await office.calendar.direct(nil)
        try await office.move(booking.id, to: Self.nine)
        await office.calendar.answerInvitations()
        try await office.pass()
        await office.calendar.answerInvitations()
        try await office.settle()
        #expect(try await Self.times(in: office, booking.id) == [Self.nine, Self.nine])
        #expect(try await office.desk.booking(booking.id).status == .confirmed)
    }

    @Test("A booking that moved in LoopBooking waits until the room answers at the new time")
    func movedInLoopBooking() async throws {
        let (office, booking, _) = try await Self.accepted()
        try await office.move(booking.id, to: Self.noon)
        #expect(try await office.desk.booking(booking.id).status == .pending)
        try await office.pass()
        #expect(try await office.desk.booking(booking.id).status == .pending)
        try await office.pass()
        #expect(try await office.desk.booking(booking.id).status == .pending)
        await office.calendar.answerInvitations()
        try await office.settle()
        #expect(try await office.desk.booking(booking.id).status == .confirmed)
        #expect(try await Self.times(in: office, booking.id) == [Self.noon, Self.noon])
    }
}
