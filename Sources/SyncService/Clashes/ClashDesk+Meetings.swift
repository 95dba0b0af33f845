import CalendarModel
import CalendarTime
import ICalendar
import LoopBooking
import SQLStore
import SyncEngine

extension ClashDesk {
    func view(of clash: Clash, in transaction: ClashTransaction) throws -> ClashView {
        try view(of: clash, link: try existingLink(of: clash, in: transaction).link, in: transaction)
    }

    /// The same of several; what they have in common is read once.
    func views(of clashes: [Clash], in transaction: ClashTransaction) throws -> [ClashView] {
        var links: [LinkID: Link] = [:]
        return try clashes.map { clash in
            let link = try links[clash.link] ?? existingLink(of: clash, in: transaction).link
            links[clash.link] = link
            return try view(of: clash, link: link, in: transaction)
        }
    }

    private func view(of clash: Clash, link: Link, in transaction: ClashTransaction) throws -> ClashView {
        ClashView(
            clash, link: link, a: try side(.a, of: clash, link: link, transaction),
            b: try side(.b, of: clash, link: link, transaction))
    }

    private func side(
        _ name: Clash.Party, of clash: Clash, link: Link, _ transaction: ClashTransaction
    ) throws -> ClashView.Side {
        let party = clash.party(name)
        let booking = try transaction.booking(of: party, link: link.id)
        let meeting = try Self.meeting(of: name, booking: booking, in: clash, link: link, transaction)
        return ClashView.Side(party, booking: booking, meeting: meeting, link: link)
    }

    /// A party's meeting as it wants the room: its booking's, or its event's as LoopBooking would show it; one occurrence
    /// as a meeting of its own.
    static func meeting(
        of name: Clash.Party, in clash: Clash, link: Link, _ transaction: ClashTransaction
    ) throws -> Meeting? {
        let booking = try transaction.booking(of: clash.party(name), link: link.id)
        return try meeting(of: name, booking: booking, in: clash, link: link, transaction)
    }

    private static func meeting(
        of name: Clash.Party, booking: Booking?, in clash: Clash, link: Link, _ transaction: ClashTransaction
    ) throws -> Meeting? {
        let party = clash.party(name)
        var meeting: Meeting
        if let booking {
            meeting = booking.meeting
        } else if let event = try event(of: name, in: clash, transaction) {
            meeting = Privacy.inLoopBooking(event.event.meeting, policy: link.policy.content)
        } else {
            return nil
        }
        let zone = ClashAct.zone(of: meeting, room: link.roomZone)
        if let occurrence = party.occurrence {
            let change = meeting.recurrence?.exceptions[occurrence]
            meeting = meeting.occurrence(at: meeting.time, change)
        }
        if party.occurrence != nil || !meeting.span.overlaps(party.span) {
            meeting.time = try ClashAct.time(party.span, like: meeting.time, zone: zone)
        }
        return meeting
    }

    private static func event(
        of name: Clash.Party, in clash: Clash, _ transaction: ClashTransaction
    ) throws -> ObservedEvent? {
        if name == .b, let lost = clash.file.lostEvent { return lost }
        return try transaction.observed(clash.party(name).event, link: clash.link)
    }
}
