import CalendarModel
import CalendarTime
import LoopBooking
import SQLStore
import SyncEngine

/// A clash as people see it: both meetings side by side, as far as the link's policy lets them be shown.
package struct ClashView: Codable, Sendable, Hashable {
    package struct Side: Codable, Sendable, Hashable {
        /// `loopBooking` or `calendar`.
        package var origin: String
        package var title: String
        package var organizer: String?
        /// RFC 3339, UTC.
        package var start: String
        package var end: String
        /// The time in words, in the room's zone.
        package var when: String
        /// Set when it is one occurrence of a series: its original start.
        package var occurrence: String?
        package var booking: String?
        package var event: String?
        /// The booking's status; nil when there is none.
        package var status: String?
        /// Why, in the booking's own words.
        package var reason: String?
    }

    package struct FreeRoom: Codable, Sendable, Hashable {
        package var id: String
        package var name: String
        package var capacity: Int?
        package var location: String
    }

    package struct Decision: Codable, Sendable, Hashable {
        /// `a` or `b`: who has the room.
        package var kept: String
        package var movedTo: String?
        package var booked: String?
        package var by: String
        package var at: String
        package var remark: String?
        /// Until when it can be taken back.
        package var undoUntil: String
        package var undoneBy: String?
        package var undoneAt: String?
    }

    package var id: String
    package var link: String
    package var room: String
    package var resource: String
    package var state: String
    package var reason: String
    /// How it solved itself, when it did.
    package var closing: String?
    package var firstAt: String
    package var lastAt: String
    package var a: Side
    package var b: Side
    package var decision: Decision?
    /// What either meeting could move to; only filled for one clash.
    package var freeRooms: [String: [FreeRoom]] = [:]

    init(_ clash: Clash, link: Link, a: Side, b: Side) {
        id = clash.id.rawValue
        self.link = link.id.rawValue
        room = link.roomName
        resource = link.resourceName
        state = clash.state.rawValue
        reason = clash.reason
        closing = clash.file.closing
        firstAt = Timestamps.rfc3339(clash.firstAt)
        lastAt = Timestamps.rfc3339(clash.lastAt)
        self.a = a
        self.b = b
        decision = clash.file.decision.map(Decision.init)
    }
}

extension ClashView.Side {
    init(_ party: ClashNote.Party, booking: Booking?, meeting: Meeting?, link: Link) {
        origin = party.origin.rawValue
        title = meeting.map { Privacy.title(of: $0, policy: link.policy.content) } ?? ""
        organizer = meeting.flatMap { Privacy.organizer(of: $0, policy: link.policy.content) }
            .map { $0.name.isEmpty ? $0.address : $0.name }
        start = Timestamps.rfc3339(party.span.start)
        end = Timestamps.rfc3339(party.span.end)
        when = TimeWords.span(party.span, in: link.roomZone)
        occurrence = party.occurrence?.description
        self.booking = (booking?.id ?? party.booking)?.rawValue
        event = party.event?.rawValue
        status = booking?.status.rawValue
        reason = booking?.explanation
    }
}

extension ClashView.FreeRoom {
    init(_ room: Room) {
        id = room.id.rawValue
        name = room.name
        capacity = room.capacity
        location = room.location
    }
}

extension ClashView.Decision {
    init(_ decision: Clash.Decision) {
        kept = decision.kept.rawValue
        movedTo = decision.movedToName
        booked = decision.booked?.rawValue
        by = decision.author
        at = Timestamps.rfc3339(decision.at)
        remark = decision.remark
        undoUntil = Timestamps.rfc3339(decision.at.advanced(by: ClashDesk.undoTime))
        undoneBy = decision.undoneBy
        undoneAt = decision.undoneAt.map { Timestamps.rfc3339($0) }
    }
}

extension ClashView {
    /// What the audit log calls it: where and when, never what the meetings are about.
    package var auditSubject: String { "\(room), \(a.start)" }
}
