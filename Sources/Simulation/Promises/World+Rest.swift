import CalendarModel
import ICalendar
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import TestSupport

/// The promises that hold when changes have stopped and faults have ended.
extension World {
    static let mostPasses = 12

    /// Passes until one has nothing to do; then everything is looked at, and once more a pass must do nothing.
    func comeToRest() async {
        await calmDown()
        for room in sites.indices where violation == nil {
            var isQuiet = false
            for _ in 0..<Self.mostPasses where !isQuiet && violation == nil { isQuiet = await passIsQuiet(room) }
            if !isQuiet {
                note(.convergence, "Link \(room) is not at rest after \(Self.mostPasses) passes without faults.")
            }
        }
        for room in sites.indices where violation == nil {
            await compareSides(room, settled: false)
            await checkAgreement(room)
            await checkNothingLost(room)
            await checkNothingLeft(room)
            await checkQuiet(room)
        }
    }

    private func passIsQuiet(_ room: Int) async -> Bool {
        _ = await act(.answerInvitations(room: room))
        _ = await perform(Step(seconds: 30, act: .pass(Pass(room: room, node: 0))))
        if await act(.resume(room: room, approving: true)) { return false }
        let report = sync.record(of: sites[room].link.id)?.lastPass
        let isLoose = await sites[room].calendar.hasLoose
        return report.map { $0.isClean && $0.steps.isEmpty && $0.changesRead == 0 } ?? false && !isLoose
    }

    /// Another pass does nothing and changes nothing.
    private func checkQuiet(_ room: Int) async {
        let site = sites[room]
        let (writes, revision) = (await site.calendar.writes, bookings.revision)
        _ = await perform(Step(seconds: 30, act: .pass(Pass(room: room, node: 0))))
        let report = sync.record(of: site.link.id)?.lastPass
        if let steps = report?.steps, !steps.isEmpty {
            note(.noEcho, "A pass at rest did \(steps.map(\.action)).")
        }
        if await site.calendar.writes != writes { note(.noEcho, "A pass at rest wrote to the calendar.") }
        if bookings.revision != revision { note(.noEcho, "A pass at rest wrote to LoopBooking.") }
    }

    // MARK: Convergence

    private func checkAgreement(_ room: Int) async {
        let site = sites[room]
        let window = TimeSpan(start: clock.now, end: clock.now.advanced(by: .seconds(40 * 86_400)))
        guard let memory = sync.memory(site.link.id) else { return }
        func spans(_ meeting: Meeting) -> [TimeSpan] { meeting.heldSpans(in: window, roomZone: site.calendar.zone) }

        let held = bookings.all.filter {
            $0.room == site.link.room && $0.status.holdsRoom && !spans($0.meeting).isEmpty
        }
        let events = await site.calendar.holdingEvents.filter { !spans($0.meeting).isEmpty }
        if let (left, right) = Self.overlap(events.flatMap { event in spans(event.meeting).map { (event.id, $0) } }) {
            note(.oneYesPerSlot, "Events \(left) and \(right) both hold the room at one time.")
        }
        let byID = Dictionary(events.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        let pairings = Dictionary(grouping: memory.pairings.values) { Ledger.whole($0.booking) }
        for booking in held {
            let own = (pairings[booking.id] ?? []).sorted { $0.id < $1.id }
            let theirs = own.compactMap { $0.event.flatMap { byID[$0] } }
            if booking.status != .confirmed {
                note(.convergence, "Booking \(name(booking.id)) is still \(booking.status.rawValue).")
            }
            if own.count > 1, own.contains(where: { $0.booking == booking.id }) {
                note(.convergence, "Booking \(name(booking.id)) has \(own.count) pairings.")
            }
            if theirs.flatMap({ spans($0.meeting) }).sorted(by: { $0.start < $1.start }) != spans(booking.meeting) {
                note(.convergence, "Booking \(name(booking.id)) and its event do not hold the room at the same times.")
            }
            if own.count == 1, let event = theirs.first, own[0].booking == booking.id {
                checkFacets(booking, event, own[0], room)
            }
        }
        let paired = Dictionary(
            memory.pairings.values.compactMap { pairing in pairing.event.map { ($0, pairing) } },
            uniquingKeysWith: { $1 })
        let bookingsHeld = Set(held.map(\.id))
        for event in events where !(paired[event.id].map { bookingsHeld.contains(Ledger.whole($0.booking)) } ?? false) {
            note(.convergence, "Event \(name(event.id)) holds the room without a booking.")
        }
    }

    private func checkFacets(_ booking: Booking, _ event: Event, _ pairing: Pairing, _ room: Int) {
        let (left, right) = (facets(booking, in: room), facets(event, in: room))
        for facet in left.differences(from: right) {
            if pairing.isInvitation, !facet.concernsTime { continue }
            if case .occurrence(let original) = facet, isPast(original, of: booking) { continue }
            note(
                .convergence, "Booking \(name(booking.id)) and event \(event.id) differ in their \(facet.words).")
        }
    }

    private func isPast(_ original: WallTime, of booking: Booking) -> Bool {
        guard let series = Series(booking.meeting, roomZone: Times.oslo), let time = series.regularTime(of: original)
        else { return true }
        return time.span.end <= clock.now || !series.has(original)
    }

    private func name(_ id: BookingID) -> String { ledger.label(of: id).map { "#\($0)" } ?? id.rawValue }
    private func name(_ id: EventID) -> String { ledger.label(of: id).map { "#\($0) (\(id))" } ?? id.rawValue }

    // MARK: Nothing lost

    /// What a person made and nobody took back exists where it was made; if it could not cross, that is said there.
    private func checkNothingLost(_ room: Int) async {
        for label in ledger.labels {
            guard let entry = ledger[label], entry.room == room, !entry.isTakenBack else { continue }
            switch entry.side {
            case .loopBooking: await checkBooking(entry)
            case .calendar: await checkEvent(entry)
            }
        }
    }

    /// Everything that the engine wrote into the calendar stands for a booking it knows.
    private func checkNothingLeft(_ room: Int) async {
        let site = sites[room]
        for event in await site.calendar.events where !site.copies.contains(event.id) {
            guard await site.calendar.tag(of: event.id) != nil, ledger.label(of: event.id) == nil else { continue }
            note(.nothingDoubled, "Event \(event.id) was written by us, and stands for nothing.")
        }
    }

    private func checkBooking(_ entry: Ledger.Entry) async {
        guard let booking = entry.booking.flatMap({ bookings.booking($0) }) else {
            return note(.nothingLost, "The booking of #\(entry.label) is gone.")
        }
        // All of a series' meetings may have been cancelled one by one, some here and some there.
        var isEmptied = Series(booking.meeting, roomZone: Times.oslo)?.isEmpty == true
        if let id = entry.event, let event = await sites[entry.room].calendar.event(id) {
            isEmptied = isEmptied || Series(event.meeting, roomZone: Times.oslo)?.isEmpty == true
        }
        if booking.status == .cancelled, !isEmptied {
            note(.nothingLost, "Nobody cancelled #\(entry.label), but its booking is.")
        }
        if booking.status == .refused, booking.reason?.isEmpty ?? true {
            note(.nothingLost, "The booking of #\(entry.label) is refused without a reason.")
        }
    }

    private func checkEvent(_ entry: Ledger.Entry) async {
        let site = sites[entry.room]
        guard let id = entry.event, let event = await site.calendar.event(id) else {
            return note(.nothingLost, "The event of #\(entry.label) is gone.")
        }
        if Series(event.meeting, roomZone: Times.oslo)?.isEmpty == true { return }
        if event.isCancelled { note(.nothingLost, "Nobody cancelled #\(entry.label), but its event is.") }
        let isRefused = event.role == .organizer && !event.holdsRoom
        if isRefused, site.withContent, !entry.isMarked, !event.meeting.subject.hasPrefix("Not booked: ") {
            note(.nothingLost, "The event of #\(entry.label) was set free, and does not say why.")
        }
    }
}
