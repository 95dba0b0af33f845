import CalendarModel
import CalendarTime
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import TestSupport

/// A simulated office: LoopBooking's real desk and the engine's real passes over stores and calendars in memory, with time
/// that moves only when the story says so. One world is one story; nothing in it depends on anything but its seed and acts.
package actor World {
    static let organization: OrganizationID = "org"
    static let blindAfter = Duration.seconds(3600)
    static let settings = PassSettings()

    let surroundings: Surroundings
    let calendar: StoryCalendar
    let clock: ManualClock
    let sync = MemorySyncStore()
    let bookings: MemoryBookings
    let desk: BookingDesk
    let mutant: Mutant?
    let scratch = Scratch()
    let identifiers: Counting
    var sites: [Site] = []
    var ledger = Ledger()
    var violation: Violation?
    /// What stands, as the promises see it; worked out once for each state.
    private var bookingFacets: [BookingID: (revision: Int64, facets: Facets)] = [:]
    private var eventFacets: [EventID: (version: Version, facets: Facets)] = [:]
    /// What both sides of a meeting were when they were last compared.
    var compared: [Label: Compared] = [:]
    var checkedRevision = -1
    /// The passes under way: a later one runs while an earlier one waits.
    var running: [RunningPass] = []
    var passes = 0
    var calls = 0

    // The story: invented as it goes, or told again.
    var inventor: Inventor?
    var isNarrated: Bool
    var narration: [String] = []
    private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325

    init(
        _ surroundings: Surroundings, inventor: Inventor?, mutant: Mutant? = nil, isNarrated: Bool = false
    ) async throws {
        self.surroundings = surroundings
        self.inventor = inventor
        self.mutant = mutant
        self.isNarrated = isNarrated
        calendar = StoryCalendar(first: StoryCalendar.starts[surroundings.start])
        let clock = ManualClock(
            Times.instant("\(calendar.first.description) 07:00"))
        let identifiers = Counting("id")
        let sync = sync
        self.clock = clock
        self.identifiers = identifiers
        bookings = MemoryBookings { room, now in sync.record(ofRoom: room)?.certainty(at: now) ?? .certain }
        desk = BookingDesk(
            organization: Self.organization, store: bookings, now: { clock.now }, newID: { identifiers.next() })
        for (index, policy) in surroundings.policies.enumerated() {
            try await open(index, policy)
        }
    }

    private func open(_ index: Int, _ policy: LinkPolicy) async throws {
        let room = try await desk.addRoom(RoomDraft(name: "Room \(index)", zone: Times.oslo.name)).entity
        let person = Person(name: "Room \(index)-ext", address: "room\(index)@contoso.example")
        let skew = Duration.seconds(surroundings.calendarSkew)
        let clock = clock
        let calendar = InMemoryCalendar(
            room: person, dialect: surroundings.dialect, firstNumber: index * 1_000_000,
            now: { clock.now.advanced(by: skew) })
        if surroundings.snapshotReaders[index] { await calendar.set(.snapshot) }
        var link = Samples.link(policy, id: LinkID("link\(index)"))
        link.room = room.id
        link.roomName = room.name
        link.resourceAddress = person.address
        link.resourceName = person.name
        sync.addLink(link, blindAfter: Self.blindAfter)
        sites.append(Site(link: link, calendar: calendar))
        await calendar.direct { [weak self] call in await self?.called(call) ?? .fair }
    }

    func note(_ promise: Promise, _ text: String) {
        if violation == nil { violation = Violation(promise: promise, text: text) }
    }

    func tell(_ line: @autoclosure () -> String) {
        if isNarrated { narration.append(String(repeating: "    ", count: running.count) + line()) }
    }

    /// Adds something that happened to what tells two runs of one story apart.
    func digest(_ text: String) {
        for byte in text.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    // MARK: Telling

    /// Invents acts and does them; returns what happened, so that it can be told again.
    func invent(_ count: Int) async -> [Step] {
        var steps: [Step] = []
        while steps.count < count, violation == nil, let step = await inventStep(within: nil) {
            steps.append(await perform(step))
        }
        return steps
    }

    /// Does acts that were invented before.
    func tellAgain(_ steps: [Step]) async {
        for step in steps where violation == nil { _ = await perform(step) }
    }

    /// Does an act; returns it with everything that happened during it.
    func perform(_ step: Step) async -> Step {
        clock.advance(by: .seconds(step.seconds))
        var done = step
        if case .pass(let pass) = step.act {
            tell("\(time). \(step.act.words(calendar))")
            done.act = .pass(await run(pass))
        } else {
            let isDone = await act(step.act)
            tell("\(time). \(step.act.words(calendar))\(isDone ? "" : " (It does not come to that.)")")
        }
        checkSlots()
        return done
    }

    private var time: String {
        (Zones.wallTime(of: clock.now, in: Times.oslo)?.description).map { String($0.prefix(19)) } ?? ""
    }

    /// Cuts what would keep a world alive for ever.
    func close() async {
        for site in sites { await site.calendar.direct(nil) }
    }

    // MARK: Looking

    func facets(_ booking: Booking, in room: Int) -> Facets {
        if let known = bookingFacets[booking.id], known.revision == booking.revision { return known.facets }
        let facets = Facets(booking.meeting, withContent: sites[room].withContent)
        bookingFacets[booking.id] = (booking.revision, facets)
        return facets
    }

    func facets(_ event: Event, in room: Int) -> Facets {
        if let known = eventFacets[event.id], known.version == event.version { return known.facets }
        let facets = Facets(event.meeting, withContent: sites[room].withContent)
        eventFacets[event.id] = (event.version, facets)
        return facets
    }
}

/// What both sides of a meeting were when they were compared.
struct Compared: Hashable {
    let booking: BookingID
    let revision: Int64
    let event: EventID
    let version: Version

    init(_ booking: BookingID, _ revision: Int64, _ event: EventID, _ version: Version) {
        self.booking = booking
        self.revision = revision
        self.event = event
        self.version = version
    }
}

/// A pass under way.
struct RunningPass {
    var pass: Pass
    /// What was to happen, when the story is told again.
    let planned: [CallPlace: Mishap]?
    var calls = 0
    /// How often each call was made.
    var counts: [String: Int] = [:]
    var isDead = false
    /// The number of the call after which the process dies.
    var diesAfter: Int?
    /// Whether anything went wrong or anybody got in between.
    var isDisturbed = false
}
