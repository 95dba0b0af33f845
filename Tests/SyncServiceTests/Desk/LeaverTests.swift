import CalendarModel
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import TestSupport
import Testing

@Suite("People who left")
struct LeaverTests {
    private func leavers(_ office: SmallOffice) -> Leavers {
        let clock = office.clock
        return Leavers(store: office.store, connectors: OneConnector(calendar: office.calendar), now: { clock.now })
    }

    @Test("Coming bookings of people who are gone are found; rooms, guests and what is over are left out")
    func found() async throws {
        let office = try await SmallOffice()
        let (anna, erik) = (Samples.anna, Samples.erik)
        let guest = Person(name: "Guest", address: "guest@fabrikam.example")
        try await office.book("Hers", "2026-03-03 09:00", by: anna)
        try await office.book("His", "2026-03-04 09:00", by: erik)
        try await office.book("His too", "2026-03-05 09:00", by: Person(name: "Erik", address: "ERIK@contoso.example"))
        try await office.book("A guest's", "2026-03-05 11:00", by: guest)
        try await office.book("The room's", "2026-03-05 13:00", by: Samples.mirror)
        let past = try await office.book("Soon over", "2026-03-02 09:00", by: erik)
        let off = try await office.book("Off", "2026-03-06 09:00", by: erik)
        _ = try await office.desk.cancel(off.id, by: .person("Anna"))
        office.clock.advance(by: .seconds(8 * 3600))
        await office.calendar.setDirectory([
            anna.address: .present, erik.address: .gone, guest.address: .notAPerson, Samples.mirror.address: .gone,
        ])
        let report = try await leavers(office).find(in: SmallOffice.organization)
        #expect(report.isCheckable && report.asked == 3 && report.unknown == 0 && report.obstacles == [])
        let leaver = try #require(report.people.first)
        #expect(report.people.count == 1 && leaver.presence == .gone)
        #expect(leaver.bookings.map(\.subject) == ["His", "His too"])
        #expect(!leaver.bookings.map(\.id).contains(past.id))
        let view = LeaverReportView(report)
        #expect(view.people.first?.bookings.first?.roomName == "Oslo")
    }

    @Test("Whoever may not sign in any more is told apart, and private subjects are not told at all")
    func disabled() async throws {
        let office = try await SmallOffice()
        let event = await office.calendar.personCreates(
            Samples.meeting(
                "Merger", Times.at("2026-03-03 09:00"), organizer: Samples.erik, sensitivity: .private),
            invitingRoom: true)
        #expect(await office.calendar.event(event) != nil)
        try await office.settle()
        await office.calendar.setDirectory([Samples.erik.address: .disabled])
        let report = try await leavers(office).find(in: SmallOffice.organization)
        #expect(report.people.map(\.presence) == [.disabled])
        #expect(!"\(report)".contains("Merger"))
    }

    @Test("A directory that may not be asked makes it not checkable, with the reason")
    func notAllowed() async throws {
        let office = try await SmallOffice()
        try await office.book("Hers", "2026-03-03 09:00")
        var faults = CalendarFaults()
        faults.rightsRevoked = true
        await office.calendar.set(faults)
        let report = try await leavers(office).find(in: SmallOffice.organization)
        #expect(!report.isCheckable && report.people == [] && report.unknown == 1)
        #expect(report.obstacles.map(\.code) == ["memory.forbidden"])
    }

    @Test("An organization without bookings asks nobody")
    func nobody() async throws {
        let office = try await SmallOffice()
        let report = try await leavers(office).find(in: SmallOffice.organization)
        #expect(report.isCheckable && report.asked == 0)
        #expect(await !office.calendar.calls.contains("people.find"))
    }
}
