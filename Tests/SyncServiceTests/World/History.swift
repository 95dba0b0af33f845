import CalendarModel
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import Synchronization
import TestSupport

/// One random history: people on both sides, faults, and a process that dies at any moment; then calm, and the promises
/// are checked. The same seed is the same history.
final class History: Sendable {
    let seed: UInt64
    let office: SmallOffice
    private let story = Mutex<[String]>([])
    private let ledger = Mutex(Ledger())
    private let mortality: Double
    private let invites: Bool

    /// Who made what, and what people took back.
    private struct Ledger {
        var booked: [BookingID] = []
        var written: [EventID] = []
        var cancelledBookings: Set<BookingID> = []
        var cancelledEvents: Set<EventID> = []
        var count = 0
    }

    init(seed: UInt64) async throws {
        self.seed = seed
        let dice = Dice(seed: seed &* 31 &+ 7)
        var policy = LinkPolicy()
        policy.clash = dice.pick(LinkPolicy.Clash.allCases) ?? .firstConfirmed
        policy.divergence = dice.pick(LinkPolicy.Divergence.allCases) ?? .latestChange
        if dice.chance(0.2) { policy.content = dice.chance(0.5) ? .busyOnly : .busyWithOrganizer }
        invites = dice.chance(0.2)
        if invites { policy.writing = .invite }
        mortality = dice.chance(0.6) ? 0.03 : 0
        office = try await SmallOffice(policy: policy, seed: seed)
        if dice.chance(0.2) { await office.calendar.set(.snapshot) }
        if dice.chance(0.8) { await office.calendar.set(.stormy) }
        tell("clash \(policy.clash), divergence \(policy.divergence), \(policy.content), \(policy.writing)")
    }

    func run(actions: Int) async throws -> [String] {
        for _ in 0..<actions {
            office.clock.advance(by: .seconds(office.dice.roll(1..<90)))
            if office.dice.chance(0.4) { await pass() } else { await act() }
        }
        return try await calm()
    }

    var text: String {
        "seed \(seed)\n"
            + story.withLock { $0.enumerated().map { "  \($0.offset). \($0.element)" } }
            .joined(separator: "\n")
    }

    private func tell(_ line: String) { story.withLock { $0.append(line) } }

    // MARK: Passes

    private func pass() async {
        let dice = office.dice
        do {
            let meddling: @Sendable () async -> Void = { [self] in if dice.chance(0.04) { await act() } }
            await office.calendar.interrupt(with: meddling)
            // A new process each time it died: it remembers no refusals.
            let report = try await office.pass(
                mortality: mortality, refusals: RefusalMemory(), interruption: meddling)
            await told(report)
        } catch { tell("pass: died") }
        await office.calendar.interrupt(with: nil)
    }

    private func told(_ report: PassReport?) async {
        let steps = report?.steps.map { $0.action + ($0.failure.map { "(\($0.code))" } ?? "") } ?? []
        tell("pass: \(steps) \(report?.failure?.code ?? "") \(report?.hold == nil ? "" : "HOLD")")
        // Only people cancel in these histories, so what vanished may go.
        if report?.hold != nil {
            try? await office.store.setState(
                .active, of: SmallOffice.linkID, approvingDeletions: true, now: office.clock.now)
        }
    }

    private func calm() async throws -> [String] {
        tell("calm")
        await office.calendar.set(CalendarFaults.none)
        await office.calendar.calmDown()
        office.clock.advance(by: .seconds(2 * 3600))
        for _ in 0..<10 {
            await office.calendar.answerInvitations()
            let report = try await office.pass()
            await told(report)
            office.clock.advance(by: .seconds(30))
            if let report, report.isClean, report.steps.isEmpty, report.changesRead == 0,
                await !office.calendar.hasLoose
            {
                break
            }
        }
        let promises = Promises(office: office)
        return try await promises.broken() + promises.quiet() + nothingLost()
    }

    // MARK: Nothing lost

    private func nothingLost() async throws -> [String] {
        let ledger = ledger.withLock { $0 }
        let bookings = Dictionary(try await office.bookings().map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        var broken: [String] = []
        for id in ledger.booked where !ledger.cancelledBookings.contains(id) {
            guard let booking = bookings[id] else {
                broken.append("Nothing lost: booking \(id) is gone.")
                continue
            }
            if booking.status == .cancelled { broken.append("Nothing lost: nobody cancelled booking \(id).") }
            if booking.status == .refused, booking.reason?.isEmpty ?? true {
                broken.append("Nothing lost: booking \(id) is refused without a reason.")
            }
        }
        for id in ledger.written where !ledger.cancelledEvents.contains(id) {
            guard let event = await office.calendar.event(id) else {
                broken.append("Nothing lost: event \(id) is gone.")
                continue
            }
            if event.isCancelled { broken.append("Nothing lost: nobody cancelled event \(id).") }
        }
        return broken
    }

    // MARK: People

    private func act() async {
        switch office.dice.roll(0..<20) {
        case 0..<4: await book()
        case 4..<6: await moveBooking()
        case 6..<8: await editBooking()
        case 8: await cancelBooking()
        case 9..<12: await write()
        case 12..<15: await moveEvent()
        case 15..<17: await editEvent()
        case 17: await cancelEvent()
        case 18: await office.calendar.answerInvitations()
        default: await setFree()
        }
    }

    /// A few slots, so that people often want the same one.
    private func slot() -> MeetingTime {
        let halfHour = office.dice.roll(16..<26)
        let hour = halfHour / 2
        return Times.at(
            "2026-03-0\(office.dice.roll(3..<5)) \(hour < 10 ? "0" : "")\(hour):\(halfHour % 2 == 0 ? "00" : "30")",
            minutes: office.dice.pick([30, 60]) ?? 30)
    }

    private func number() -> Int {
        ledger.withLock { ledger in
            ledger.count += 1
            return ledger.count
        }
    }

    private func book() async {
        let (number, time) = (number(), slot())
        do {
            let made = try await office.desk.create(
                BookingDraft(
                    room: office.link.room, time: TimeDraft(time), subject: "Booking \(number)",
                    body: office.dice.chance(0.5) ? "First line\nSecond line" : "", organizer: Samples.anna),
                by: .person("Anna Berg")
            ).entity
            ledger.withLock { $0.booked.append(made.id) }
            tell("LoopBooking: \(made.id) booked at \(clock(time)) as \(number)")
        } catch { tell("LoopBooking: \(number) not booked at \(clock(time))") }
    }

    private func someBooking() async -> Booking? {
        office.dice.pick((try? await office.holding())?.sorted { $0.id < $1.id } ?? [])
    }

    private func moveBooking() async {
        guard let booking = await someBooking() else { return }
        let time = slot()
        let done: Void? = try? await office.move(booking.id, to: time)
        tell("LoopBooking: \(booking.id) \(done == nil ? "not moved" : "moved") to \(clock(time))")
    }

    private func editBooking() async {
        guard let booking = await someBooking() else { return }
        let subject = "Subject \(office.dice.roll(0..<3)) of \(booking.id)"
        let body = "Notes \(office.dice.roll(0..<3))"
        let change =
            switch office.dice.roll(0..<4) {
            case 0: BookingChange(subject: subject)
            case 1: BookingChange(body: body)
            case 2: BookingChange(organizer: .value(office.dice.chance(0.5) ? Samples.anna : Samples.erik))
            default: BookingChange(sensitivity: office.dice.pick([.normal, .private]))
            }
        try? await office.change(booking.id, change)
        tell("LoopBooking: \(booking.id) edited: \(change.subject ?? change.body ?? "other")")
    }

    private func cancelBooking() async {
        guard let booking = await someBooking() else { return }
        guard (try? await office.desk.cancel(booking.id, by: .person("Anna Berg"))) != nil else { return }
        let event = try? await office.memory.pairings.values.first { $0.booking == booking.id }?.event
        ledger.withLock { ledger in
            ledger.cancelledBookings.insert(booking.id)
            if let event = event ?? nil { ledger.cancelledEvents.insert(event) }
        }
        tell("LoopBooking: \(booking.id) cancelled")
    }

    private func write() async {
        let (number, time) = (number(), slot())
        let invites = office.dice.chance(0.3)
        let id = await office.calendar.personCreates(
            Samples.meeting(
                "Event \(number)", time, body: office.dice.chance(0.5) ? "Agenda \(number)" : "",
                organizer: Samples.erik), invitingRoom: invites)
        ledger.withLock { $0.written.append(id) }
        tell("calendar: \(id) \(invites ? "inviting" : "written") at \(clock(time)) as \(number)")
    }

    private func someEvent() async -> Event? {
        // Room's copies of our own invitations are the attendant's, not a person's.
        office.dice.pick(await office.calendar.holdingEvents.filter { !$0.id.rawValue.hasPrefix("copy") })
    }

    private func moveEvent() async {
        guard let event = await someEvent() else { return }
        let time = slot()
        await office.calendar.personChanges(event.id) { $0.time = time }
        tell("calendar: \(event.id) moved to \(clock(time))")
    }

    private func editEvent() async {
        guard let event = await someEvent() else { return }
        let number = office.dice.roll(0..<3)
        let isBody = office.dice.chance(0.4)
        await office.calendar.personChanges(event.id) { meeting in
            if isBody { meeting.body = "Words \(number)" } else { meeting.subject = "Title \(number) of \(event.id)" }
        }
        tell("calendar: \(event.id) edited: \(isBody ? "Words" : "Title") \(number)")
    }

    private func cancelEvent() async {
        guard let event = await someEvent() else { return }
        await takenBack(event)
        await office.calendar.personCancels(event.id, roomKeepsItem: office.dice.chance(0.5))
        tell("calendar: \(event.id) cancelled")
    }

    private func setFree() async {
        guard let event = await someEvent() else { return }
        if office.dice.chance(0.5) {
            await office.calendar.touches(event.id)
            return
        }
        await takenBack(event)
        await office.calendar.personChanges(event.id) { $0.showAs = .free }
        tell("calendar: \(event.id) set free")
    }

    private func takenBack(_ event: Event) async {
        let tagged = await office.calendar.tag(of: event.id)?.booking
        let paired = try? await office.memory.pairings.values.first { $0.event == event.id }?.booking
        ledger.withLock { ledger in
            ledger.cancelledEvents.insert(event.id)
            if let tagged { ledger.cancelledBookings.insert(tagged) }
            if let paired = paired ?? nil { ledger.cancelledBookings.insert(paired) }
        }
    }

    private func clock(_ time: MeetingTime) -> String {
        guard case .timed(let timed) = time else { return "all day" }
        return
            "\(timed.start.date.day). \(timed.start.hour):\(timed.start.minute) +\(Int(time.span.duration.inSeconds / 60))"
    }
}
