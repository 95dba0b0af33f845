import CalendarModel
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import TestSupport

/// The engine's promises (DESIGN §4) as a check of an office at rest. Returns what is broken, in words.
struct Promises {
    let office: SmallOffice

    func broken() async throws -> [String] {
        let memory = try await office.memory
        let bookings = try await office.holding().filter { $0.meeting.span.end > office.clock.now }
        let events = await office.calendar.holdingEvents.filter { $0.meeting.span.end > office.clock.now }
        var broken: [String] = []
        broken += oneYesPerSlot(bookings, events)
        broken += converged(memory, bookings, events)
        broken += try await nothingDoubled(events)
        return broken
    }

    /// Another pass does nothing and changes nothing.
    func quiet() async throws -> [String] {
        let writes = await office.calendar.writes
        let revisions = try await office.bookings().map(\.revision)
        let report = try await office.pass()
        var broken: [String] = []
        if let report, !report.steps.isEmpty {
            broken.append("No echo: a pass at rest did \(report.steps.map(\.action)).")
        }
        if let failure = report?.failure { broken.append("A pass at rest failed: \(failure.summary)") }
        if await office.calendar.writes != writes { broken.append("No echo: a pass at rest wrote to the calendar.") }
        if try await office.bookings().map(\.revision) != revisions {
            broken.append("No echo: a pass at rest wrote to LoopBooking.")
        }
        return broken
    }

    private func oneYesPerSlot(_ bookings: [Booking], _ events: [Event]) -> [String] {
        overlaps(bookings.map { ($0.id.rawValue, $0.meeting.span) }).map { "One yes per slot: bookings \($0)." }
            + overlaps(events.map { ($0.id.rawValue, $0.meeting.span) }).map { "One yes per slot: events \($0)." }
    }

    private func overlaps(_ spans: [(name: String, span: TimeSpan)]) -> [String] {
        spans.indices.flatMap { left in
            spans.indices.filter { $0 > left && spans[$0].span.overlaps(spans[left].span) }
                .map { "\(spans[left].name) and \(spans[$0].name) overlap" }
        }
    }

    private func converged(_ memory: LinkMemory, _ bookings: [Booking], _ events: [Event]) -> [String] {
        var broken: [String] = []
        let byID = Dictionary(events.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        for booking in bookings {
            let pairings = memory.pairings.values.filter { $0.booking == booking.id }
            guard pairings.count == 1, let pairing = pairings.first else {
                broken.append("Convergence: booking \(booking.id) has \(pairings.count) pairings.")
                continue
            }
            guard let event = pairing.event.flatMap({ byID[$0] }) else {
                broken.append("Convergence: booking \(booking.id) holds the room, its event does not.")
                continue
            }
            if booking.status != .confirmed {
                broken.append("Convergence: booking \(booking.id) is still \(booking.status.rawValue).")
            }
            broken += differences(booking, event, pairing)
        }
        let paired = Set(memory.pairings.values.compactMap(\.event))
        let held = Set(bookings.map(\.id))
        for event in events {
            guard let pairing = memory.pairings.values.first(where: { $0.event == event.id }) else {
                broken.append("Convergence: event \(event.id) holds the room without a booking.")
                continue
            }
            if !held.contains(pairing.booking) {
                broken.append("Convergence: event \(event.id) holds the room, its booking does not.")
            }
        }
        if paired.count != memory.pairings.count { broken.append("Convergence: a pairing waits for its event.") }
        return broken
    }

    private func differences(_ booking: Booking, _ event: Event, _ pairing: Pairing) -> [String] {
        var broken: [String] = []
        func compare(_ field: MeetingField, _ left: String, _ right: String) {
            if left != right { broken.append("Convergence: \(booking.id) and \(event.id) differ in \(field).") }
        }
        if !booking.meeting.time.sameTime(as: event.meeting.time) {
            broken.append("Convergence: \(booking.id) and \(event.id) are at different times.")
        }
        guard !pairing.isInvitation else { return broken }
        compare(.showAs, booking.meeting.showAs.rawValue, event.meeting.showAs.rawValue)
        guard office.link.policy.content == .everything else { return broken }
        compare(.subject, canonicalLine(booking.meeting.subject), canonicalLine(event.meeting.subject))
        compare(.sensitivity, booking.meeting.sensitivity.rawValue, event.meeting.sensitivity.rawValue)
        let text = canonicalText(event.meeting.body).split(separator: "\n")
            .filter { !$0.hasPrefix("Booked in LoopBooking by ") }.joined(separator: "\n")
        compare(.body, canonicalText(booking.meeting.body), text)
        return broken
    }

    private func nothingDoubled(_ events: [Event]) async throws -> [String] {
        var seen: [BookingID: EventID] = [:]
        var broken: [String] = []
        for event in events {
            guard let tag = await office.calendar.tag(of: event.id) else { continue }
            if let other = seen[tag.booking] {
                broken.append("Nothing doubled: \(other) and \(event.id) both stand for \(tag.booking).")
            }
            seen[tag.booking] = event.id
        }
        return broken
    }
}
