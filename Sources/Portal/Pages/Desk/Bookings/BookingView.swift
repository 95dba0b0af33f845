import CalendarModel
import CalendarTime
import LoopBooking
import SQLStore
import SyncEngine

/// A booking and its event side by side, as far as they may be shown.
struct BookingView {
    private let booking: Booking
    private let zone: ZoneID
    private let content: LinkPolicy.Content
    private let counterpart: Counterpart?
    private let request: PageRequest

    init(_ booking: Booking, room: RoomName?, counterpart: Counterpart?, request: PageRequest) {
        self.booking = booking
        zone = room?.zone ?? .utc
        content = room?.content ?? .everything
        self.counterpart = counterpart
        self.request = request
    }

    var times: TimeWriter { request.times(in: zone) }
    var title: String { title(of: booking.meeting) }
    var when: String { when(booking.meeting) }
    var day: CivilDate {
        Zones.date(of: booking.meeting.span.start, in: zone) ?? CivilDate(year: 1970, month: 1, day: 1)
    }

    private var words: Words { request.words }

    private func title(of meeting: Meeting) -> String {
        if content == .everything, meeting.sensitivity.hidesContent { return words["desk.private"] }
        return Privacy.title(of: meeting, policy: content)
    }

    private func when(_ meeting: Meeting) -> String {
        let span = times.span(meeting.span)
        return meeting.recurrence == nil ? span : words("booking.series", ["first": span])
    }

    private func organizer(of meeting: Meeting) -> String {
        let person = Privacy.organizer(of: meeting, policy: content)
        return person.map { $0.name.isEmpty ? $0.address : $0.name } ?? "–"
    }

    /// Name, value, and whether the other side has another one.
    private func fact(_ key: String, _ value: String, other: String? = nil) -> JSONValue {
        [
            "name": .string(words["booking.\(key)"]), "value": .string(value),
            "differs": .bool(other != nil && other != value),
        ]
    }

    private var event: Meeting? { counterpart?.isLive == true ? counterpart?.event?.event.meeting : nil }

    /// What is written straight into a room's calendar has the room as its organizer; who booked stands in its text.
    private var isWrittenByUs: Bool { booking.origin == .loopBooking && counterpart?.event?.event.role == .organizer }

    var here: JSONValue {
        var facts = [
            fact("subject", title, other: event.map(title(of:))),
            fact("when", when, other: event.map(when)),
            fact("organizer", organizer(of: booking.meeting), other: isWrittenByUs ? nil : event.map(organizer(of:))),
            fact("origin", words["side.\(booking.origin.rawValue)"]),
            fact("made", times.moment(booking.createdAt)), fact("changed", times.moment(booking.updatedAt)),
        ]
        if content == .everything, !booking.meeting.attendees.isEmpty {
            facts.append(fact("attendees", String(booking.meeting.attendees.count)))
        }
        facts.append(fact("id", booking.id.rawValue))
        return ["facts": .array(facts)]
    }

    /// Null when there is no event that is or was the same meeting.
    var there: JSONValue {
        guard let counterpart else { return .null }
        guard let observed = counterpart.event else {
            return ["facts": [], "text": .string(words["booking.there.gone"]), "status": .null]
        }
        let event = observed.event
        let isLive = counterpart.isLive
        var facts = [
            fact("subject", title(of: event.meeting), other: isLive ? title : nil),
            fact("when", when(event.meeting), other: isLive ? when : nil),
            isWrittenByUs
                ? fact("organizer", words["booking.organizer.room"])
                : fact("organizer", organizer(of: event.meeting), other: isLive ? organizer(of: booking.meeting) : nil),
        ]
        if let made = event.createdAt { facts.append(fact("made", times.moment(made))) }
        if let changed = event.modifiedAt { facts.append(fact("changed", times.moment(changed))) }
        facts.append(fact("eventID", event.id.rawValue))
        let hasRoom = event.holdsRoom
        return [
            "facts": .array(facts), "text": isLive ? .null : .string(words["booking.there.ended"]),
            "status": request.mark(
                hasRoom ? "good" : "notCertain", icon: hasRoom ? "in-sync" : "not-certain",
                words[hasRoom ? "booking.hasRoom" : "booking.hasNoRoom"]),
        ]
    }
}
