import CalendarModel
import SQLStore
import TestSupport
import Testing

@testable import SyncEngine

@Suite("The engine's memory in the database")
struct SyncMemoryTests {
    @Test("A closed intent keeps nothing of a meeting")
    func closedIntentIsEmpty() async throws {
        let fixture = try await SyncFixture()
        let meeting = Samples.meeting("Merger")
        _ = try await fixture.store.sync.open(
            fixture.intent(
                "k1",
                .createBooking(
                    Operation.CreateBooking(event: "e1", meeting: meeting, slotTakenAt: fixture.clock.now))))
        try await fixture.store.sync.close("k1", as: .refused, effects: [], at: fixture.clock.now)
        let contents = try await fixture.store.driver.read { connection in
            try connection.query("SELECT content, outcome FROM intents").map {
                [try $0.text("content"), try $0.text("outcome")]
            }
        }
        #expect(contents == [["", "refused"]])
    }
}
