import CalendarModel
import ICalendar
import LoopBooking
import SyncEngine
import SyncService
import TestSupport

/// What stood before a pass, for judging it.
struct PassWatch {
    var held: Set<BookingID> = []
    var isEmpty = false
    /// What an administrator said may be cancelled.
    var approved: Set<BookingID> = []

    init(_ world: isolated World, _ room: Int) {
        isEmpty = world.sites[room].isEmpty
        guard isEmpty else { return }
        if let memory = world.sync.memory(world.sites[room].link.id) {
            approved = Set(memory.approvedDeletions.compactMap { memory.pairings[$0]?.booking })
        }
        held = Set(
            world.bookings.all.filter { $0.room == world.sites[room].link.room && $0.status.holdsRoom }.map(\.id))
    }
}

extension World {
    /// What a pass must not have done.
    func judge(_ report: PassReport?, _ done: RunningPass, _ before: PassWatch) async {
        let site = sites[done.pass.room]
        if let report, let failure = report.failure, !done.isDisturbed, !site.isClosed {
            note(
                .faultStaysSmall,
                "A pass of link \(done.pass.room) failed although nothing was wrong with it: \(failure.summary)")
        }
        if before.isEmpty, site.isEmpty {
            let cancelled = before.held.sorted().filter { bookings.booking($0)?.status == .cancelled }
            for id in cancelled where !before.approved.contains(id) {
                guard let label = ledger.label(of: id), ledger[label]?.isTakenBack == false else { continue }
                note(.noMassDeletion, "The calendar looked empty, and booking \(id) (#\(label)) was cancelled.")
            }
        }
        for (booking, events) in site.made.sorted(by: { $0.key < $1.key }) where events.count > 1 {
            var standing: [EventID] = []
            for event in events.sorted() where !site.copies.contains(event) {
                // What is over may stay where it was.
                guard let held = await site.calendar.event(event), held.holdsRoom,
                    held.meeting.reach(roomZone: Times.oslo).end > clock.now
                else { continue }
                standing.append(event)
            }
            if standing.count > 1 { note(.nothingDoubled, "\(standing) all stand for booking \(booking).") }
        }
    }

    /// Compares the sides of every meeting of a link that changed since it was compared last. What both say is either what
    /// they said before, or what a person made of it.
    /// - Parameter settled: only those that the engine has seen as they stand. Sides that happen to say the same in between
    ///   have not agreed on anything: what a person takes back before it was seen was never there.
    func compareSides(_ room: Int, settled: Bool) async {
        let site = sites[room]
        guard let memory = sync.memory(site.link.id) else { return }
        for pairing in memory.pairings.values.sorted(by: { $0.id < $1.id }) {
            guard Ledger.whole(pairing.booking) == pairing.booking, let id = pairing.event,
                let label = ledger.label(of: pairing.booking),
                let booking = bookings.booking(pairing.booking), booking.status.holdsRoom
            else { continue }
            if settled {
                guard pairing.bookingRevision == booking.revision, let version = pairing.eventVersion,
                    compared[label] != Compared(booking.id, booking.revision, id, version)
                else { continue }
            }
            guard let event = await site.calendar.event(id), event.holdsRoom,
                !settled || event.version == pairing.eventVersion
            else { continue }
            let present = Compared(booking.id, booking.revision, event.id, event.version)
            guard compared[label] != present else { continue }
            compared[label] = present
            compare(label, facets(booking, in: room), facets(event, in: room), pairing, room)
        }
    }

    private func compare(_ label: Label, _ booking: Facets, _ event: Facets, _ pairing: Pairing, _ room: Int) {
        let leading = sites[room].link.policy.divergence.leading
        let same = booking.keys.union(event.keys).sorted().filter { facet in
            // The room says no to occurrences of our invitation.
            booking[facet] == event[facet] && (!pairing.isInvitation || facet.concernsTime && booking[facet] != .off)
        }
        for facet in ledger.agreed(label, same.map { ($0, booking[$0]) }, leading: leading) {
            note(
                .nothingLost,
                "Somebody's change of #\(label) was lost: both sides have a \(facet.words) that nobody wanted.")
        }
    }
}
