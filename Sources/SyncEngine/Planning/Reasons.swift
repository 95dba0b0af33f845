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
        if event.holdsRoom { return "All meetings of the series were cancelled in the calendar." }
        return "It no longer holds the room: the calendar shows it as free."
    }

    func changed(_ parts: MeetingParts, in meeting: Meeting, on side: Side, merge: FieldMerge) -> String {
        let place = side == .calendar ? "in the calendar" : "in LoopBooking"
        var told: [String] = []
        if parts.fields.contains(.recurrence), meeting.recurrence != nil {
            told.append("The series was changed \(place); it starts \(when(meeting.time)).")
        } else if parts.fields.contains(.time) {
            told.append("Moved to \(when(meeting.time)) \(place).")
        }
        told += parts.occurrences.sorted().map { occurrence($0, in: meeting, place) }
        let others = parts.fields.subtracting([.time, .recurrence]).sorted().map(\.words)
        if !others.isEmpty { told.append("Changed \(place): \(others.joined(separator: ", ")).") }
        let disputed = merge.divergences.keys.sorted().map(\.words)
        if !disputed.isEmpty {
            let winner = merge.divergences.values.contains(.calendar) ? "the calendar" : "LoopBooking"
            told.append("Both sides had changed \(disputed.joined(separator: ", ")); \(winner)'s value stands.")
        }
        return told.joined(separator: " ")
    }

    /// What became of one occurrence.
    private func occurrence(_ original: WallTime, in meeting: Meeting, _ place: String) -> String {
        let name = "The meeting of \(original.date)"
        switch meeting.recurrence?.state(of: original) {
        case .cancelled: return "\(name) was cancelled \(place)."
        case .changed(let change):
            if let time = change.time { return "\(name) was moved to \(when(time)) \(place)." }
            if change.showAs?.holdsRoom == false { return "\(name) no longer holds the room." }
            return "\(name) was changed \(place)."
        case .asRule, nil: return "\(name) is as the series says again."
        }
    }

    func occurrencesTaken(_ lost: Set<WallTime>, _ clash: ClashNote) -> String {
        let days = lost.sorted().map(\.date.description)
        let shown = days.prefix(5).joined(separator: ", ") + (days.count > 5 ? " and \(days.count - 5) more" : "")
        return "\(shown): \(slotTaken(clash)) The other meetings of the series stand."
    }

    func proposed(_ proposal: Operation.ProposeTime, to event: Event) -> String {
        "Proposed \(when(proposal.time)) to \(organizerName(event))."
    }

    func onlyOrganizer(_ event: Event, isProposed: Bool) -> String {
        "Only \(organizerName(event)) can change this meeting, in the calendar; the booking was put back"
            + (isProposed ? ", and the new time was proposed." : ".")
    }

    var notExpressible: String {
        "The calendar cannot hold a series that repeats like this; the booking was put back as it was."
    }

    private func organizerName(_ event: Event) -> String {
        let organizer = event.meeting.organizer?.name ?? ""
        return organizer.isEmpty ? "its organizer" : organizer
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
}

extension MeetingField {
    /// The field in a sentence for people.
    package var words: String {
        switch self {
        case .time: "time"
        case .subject: "subject"
        case .body: "notes"
        case .organizer: "who booked it"
        case .attendees: "attendees"
        case .sensitivity: "private flag"
        case .showAs: "free/busy"
        case .location: "location"
        case .recurrence: "how it repeats, or single meetings of the series"
        }
    }
}
