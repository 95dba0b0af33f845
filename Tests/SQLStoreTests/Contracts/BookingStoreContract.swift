import CalendarModel
import LoopBooking
import SQLStore
import SQLiteDriver
import TestSupport
import Testing

/// One organization's bookings, with one room.
struct KeptBookings: Sendable {
    let store: any BookingStore
    let room = Room(id: "oslo", organization: TestStore.acme, name: "Oslo", zone: Times.oslo)

    init(_ keeper: Keeper) async throws {
        switch keeper {
        case .database: store = try await TestStore().store.bookings(of: TestStore.acme)
        case .memory:
            store = MemoryBookings()
            let room = room
            try await store.write { try $0.insert(room, at: TestStore.start) }
        }
    }

    func booking(_ id: BookingID, _ from: Int, _ to: Int) -> Booking {
        Booking(
            id: id, organization: TestStore.acme, room: room.id, meeting: TestStore.meeting(from, to),
            createdAt: TestStore.start, updatedAt: TestStore.start, slotTakenAt: TestStore.start)
    }

    /// A booking with what it holds, in hours.
    func insert(
        _ booking: Booking, slots: [(Int, Int)]? = nil, through: Instant? = nil, key: OperationKey? = nil
    ) async throws {
        let held = slots?.map { TestStore.span($0, $1) } ?? [booking.meeting.span]
        let reach = TimeSpan(start: booking.meeting.span.start, end: held.last?.end ?? booking.meeting.span.end)
        let holding = Holding(
            reach: through == nil ? reach : TimeSpan(start: reach.start, end: .distantFuture),
            slots: held, through: through)
        try await store.write { try $0.insert(booking, holding: holding, key: key) }
    }

    func slots() async throws -> [HeldSlot] {
        try await store.read { try $0.slots(in: "oslo", during: TestStore.span(0, 24)) }
    }
}

@Suite("Every store of bookings")
struct BookingStoreContract {
    @Test("What is kept comes back as it was", arguments: Keeper.allCases)
    func roundTrip(_ keeper: Keeper) async throws {
        let kept = try await KeptBookings(keeper)
        var booking = kept.booking("a", 9, 10)
        booking.reason = "Why."
        booking.meeting.recurrence = Recurrence(rule: RecurrenceRule(frequency: .daily, end: .after(count: 2)))
        try await kept.insert(booking, key: "k1")
        let expected = booking
        try await kept.store.read { (reading) throws in
            #expect(try reading.booking("a") == expected)
            #expect(try reading.booking(madeBy: "k1") == expected)
            #expect(try reading.booking(madeBy: "k2") == nil)
            #expect(try reading.room("oslo")?.name == "Oslo")
            #expect(try reading.rooms(after: nil, limit: 5).map(\.id) == ["oslo"])
        }
    }

    @Test("No two slots of a room overlap, whoever writes", arguments: Keeper.allCases)
    func slotsAreKept(_ keeper: Keeper) async throws {
        let kept = try await KeptBookings(keeper)
        try await kept.insert(kept.booking("a", 9, 10), slots: [(9, 10), (14, 15)])
        for (from, to) in [(9, 10), (8, 12), (9, 11), (14, 16), (13, 15)] {
            await #expect(throws: (any Error).self, "\(from) to \(to)") {
                try await kept.insert(kept.booking("b", from, to))
            }
        }
        await #expect(throws: (any Error).self) {
            try await kept.insert(kept.booking("b", 11, 12), slots: [(11, 13), (12, 14)])
        }
        try await kept.insert(kept.booking("c", 10, 14))
        #expect(try await kept.slots().map(\.booking) == ["a", "c", "a"])
    }

    @Test("What throws leaves nothing behind", arguments: Keeper.allCases)
    func rollback(_ keeper: Keeper) async throws {
        struct Stop: Error {}
        let kept = try await KeptBookings(keeper)
        let booking = kept.booking("a", 9, 10)
        await #expect(throws: Stop.self) {
            try await kept.store.write { transaction in
                try transaction.insert(
                    booking, holding: Holding(reach: booking.meeting.span, slots: [booking.meeting.span]), key: "k")
                throw Stop()
            }
        }
        #expect(try await kept.slots().isEmpty)
        try await kept.store.read { (reading) throws in
            #expect(try reading.booking("a") == nil)
            #expect(try reading.booking(madeBy: "k") == nil)
        }
    }

    @Test("A booking that holds nothing any more gives its slots back", arguments: Keeper.allCases)
    func givesBack(_ keeper: Keeper) async throws {
        let kept = try await KeptBookings(keeper)
        var booking = kept.booking("a", 9, 10)
        try await kept.insert(booking)
        booking.status = .cancelled
        booking.revision = 2
        let cancelled = booking
        try await kept.store.write { try $0.update(cancelled, holding: Holding(reach: cancelled.meeting.span)) }
        #expect(try await kept.slots().isEmpty)
        let read = try await kept.store.read { try $0.booking("a") }
        #expect(read == cancelled)
        try await kept.insert(kept.booking("b", 9, 10))
    }

    @Test("Bookings are listed by their reach, in order, from a place on", arguments: Keeper.allCases)
    func listing(_ keeper: Keeper) async throws {
        let kept = try await KeptBookings(keeper)
        try await kept.insert(kept.booking("a", 9, 10), slots: [(9, 10), (16, 17)])
        try await kept.insert(kept.booking("b", 11, 12))
        try await kept.insert(kept.booking("c", 8, 9))
        func list(_ query: BookingQuery) async throws -> [BookingID] {
            try await kept.store.read { try $0.bookings(query).map(\.id) }
        }
        #expect(try await list(BookingQuery(room: "oslo")) == ["c", "a", "b"])
        let afternoon = TestStore.span(13, 18)
        #expect(try await list(BookingQuery(room: "oslo", from: afternoon.start, to: afternoon.end)) == ["a"])
        let place = BookingQuery.Place(start: TestStore.span(8, 9).start, id: "c")
        #expect(try await list(BookingQuery(room: "oslo", after: place, limit: 1)) == ["a"])
        #expect(try await list(BookingQuery(room: "oslo", status: .cancelled)).isEmpty)
        let upcoming = try await kept.store.read { try $0.upcoming(in: "oslo", after: afternoon.start, limit: 9) }
        #expect(upcoming.map(\.id) == ["a"])
    }

    @Test("Series that go on are found by how far their slots are written", arguments: Keeper.allCases)
    func rolling(_ keeper: Keeper) async throws {
        let kept = try await KeptBookings(keeper)
        let through = TestStore.span(20, 21).start
        try await kept.insert(kept.booking("a", 9, 10), through: through)
        try await kept.insert(kept.booking("b", 11, 12))
        func found(_ hour: Int) async throws -> [BookingID] {
            try await kept.store.read { try $0.rolling(in: "oslo", before: TestStore.span(hour, hour + 1).start) }
                .map(\.booking.id)
        }
        #expect(try await found(20).isEmpty)
        #expect(try await found(21) == ["a"])
        let holding = Holding(
            reach: TimeSpan(start: TestStore.span(9, 10).start, end: .distantFuture),
            slots: [TestStore.span(9, 10), TestStore.span(13, 14)], through: TestStore.span(22, 23).start)
        try await kept.store.write { try $0.hold(holding, for: "a") }
        #expect(try await found(21).isEmpty)
        #expect(try await kept.slots().map(\.booking) == ["a", "b", "a"])
        let read = try await kept.store.read { try $0.booking("a") }
        #expect(read?.revision == 1)
    }

    @Test("The change feed counts without gaps", arguments: Keeper.allCases)
    func feed(_ keeper: Keeper) async throws {
        let kept = try await KeptBookings(keeper)
        try await kept.insert(kept.booking("a", 9, 10))
        for revision: Int64 in 1...3 {
            let record = BookingChangeRecord(
                position: 0, organization: TestStore.acme, booking: "a", room: "oslo", kind: .changed,
                revision: revision, span: TestStore.span(9, 10), fields: [.subject], author: .person("Anna"),
                at: TestStore.start, reason: nil)
            try await kept.store.write { try $0.append(record) }
        }
        try await kept.store.read { (reading) throws in
            #expect(try reading.changes(after: 1, limit: 1).map(\.position) == [2])
            #expect(try reading.changes(of: "a").map(\.revision) == [1, 2, 3])
        }
    }
}
