import CalendarModel

/// The words that go with a decision. For people on either side, so: no ids, no private content.
struct Reasons {
    let link: Link

    func madeInCalendar(_ event: Event) -> String {
        "Booked in the calendar (\(link.resourceName)) for \(when(event.meeting.time))."
    }

    func madeInLoopBooking(_ booking: Booking) -> String {
        "Booked in LoopBooking (\(link.roomName)) for \(when(booking.meeting.time))."
    }

    func declined(_ comment: String) -> String { "The room declined: \(comment)" }
    func withdrawn(_ comment: String) -> String { "Taken out of the calendar: \(comment)" }

    func offInCalendar(_ event: Event?, invitation: Bool) -> String {
        guard let event else { return "Cancelled in the calendar." }
        if event.isCancelled { return "The organizer cancelled it in the calendar." }
        if event.response == .declined { return "The room declined the meeting in the calendar." }
        return "It no longer holds the room: the calendar shows it as free."
    }

    func changed(_ fields: Set<MeetingField>, on side: Side, merge: FieldMerge, to time: MeetingTime) -> String {
        let place = side == .calendar ? "in the calendar" : "in LoopBooking"
        var parts: [String] = []
        if fields.contains(.time) { parts.append("Moved to \(when(time)) \(place).") }
        let others = fields.subtracting([.time]).sorted().map(words)
        if !others.isEmpty { parts.append("Changed \(place): \(others.joined(separator: ", ")).") }
        let disputed = merge.divergences.keys.sorted().map(words)
        if !disputed.isEmpty {
            let winner = merge.divergences.values.contains(.calendar) ? "the calendar" : "LoopBooking"
            parts.append("Both sides had changed \(disputed.joined(separator: ", ")); \(winner)'s value stands.")
        }
        return parts.joined(separator: " ")
    }

    func onlyOrganizer(_ event: Event) -> String {
        let organizer = event.meeting.organizer?.name ?? ""
        let who = organizer.isEmpty ? "its organizer" : organizer
        return "Only \(who) can change this meeting, in the calendar; the booking was put back."
    }

    func slotTaken(_ clash: ClashNote) -> String {
        let winner = clash.winner.origin == .calendar ? "in the calendar" : "in LoopBooking"
        let rule =
            switch link.policy.clash {
            case .firstConfirmed: "the first to book keeps the room"
            case .loopBookingLeads: "LoopBooking decides about this room"
            case .calendarLeads: "the calendar decides about this room"
            }
        return "\(link.roomName) is already taken at that time by a meeting made \(winner); \(rule)."
    }

    func movedBack(_ reason: String) -> String { "The move was undone: \(reason)" }

    private func when(_ time: MeetingTime) -> String {
        switch time {
        case .timed(let timed):
            let start = clock(timed.start)
            let end = timed.start.date == timed.end.date ? clock(timed.end) : "\(timed.end.date) \(clock(timed.end))"
            return "\(timed.start.date), \(start)–\(end) (\(timed.zone))"
        case .allDay(let allDay): return "all day from \(allDay.first) until before \(allDay.end)"
        }
    }

    private func clock(_ time: WallTime) -> String { String(time.description.dropFirst(11).prefix(5)) }

    private func words(_ field: MeetingField) -> String {
        switch field {
        case .time: "time"
        case .subject: "subject"
        case .body: "notes"
        case .organizer: "who booked it"
        case .attendees: "attendees"
        case .sensitivity: "private flag"
        case .showAs: "free/busy"
        case .location: "location"
        case .recurrence: "recurrence"
        }
    }
}
