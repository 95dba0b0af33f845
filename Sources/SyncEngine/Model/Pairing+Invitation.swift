import CalendarModel

/// Our invitation has two copies. The organizer's, in the service account's mailbox, says when the meeting is: whoever
/// sits at that mailbox moves it there. The room's copy says what the room answered. Its texts are the booking attendant's
/// doing (subject := organizer, body dropped, private flag cleared), and its times lag behind the organizer's until the
/// attendant has come to them; so what changed in it is heard from the organizer's copy.
extension Pairing {
    /// What the two copies of our invitation say that can cross: the times from the organizer's copy, and of a series also
    /// the occurrences that the room declined. Everything else is as it was written. Of any other meeting: what was seen.
    /// - Parameter organizerCopy: as it was read since the room's copy changed; nil when it was not.
    package func heard(_ observed: ObservedEvent, organizerCopy: Event?) -> ObservedEvent {
        guard isInvitation else { return observed }
        let copy = observed.event
        var heard = observed
        heard.event.response = answer(in: copy)
        heard.event.meeting = eventBase
        // What was seen before the last write says nothing of what was written.
        guard copy.version != eventVersion else { return heard }
        if let said = organizerCopy, !said.isCancelled {
            heard.event.meeting = eventBase.takingTimes(from: said.meeting)
            heard.event.modifiedAt = said.modifiedAt
            if !said.meeting.time.sameTime(as: copy.meeting.time) {
                heard.slotTakenAt = said.modifiedAt ?? observed.slotTakenAt
            }
        }
        for original in declined(in: copy, of: heard.event.meeting) {
            heard.event.meeting.recurrence?.set(.cancelled, of: original)
        }
        return heard
    }

    /// Whether the organizer's copy must be read to know what a change of the room's copy means.
    package func asksOrganizer(about copy: Event) -> Bool {
        isInvitation && copy.version != eventVersion && !isUpToDate(copy)
    }

    /// Whether the room's copy stands at the times that were last agreed on: then its answer is an answer to these.
    private func isUpToDate(_ copy: Event) -> Bool { copy.meeting.hasTimes(of: eventBase) }

    private func answer(in copy: Event) -> Response { isUpToDate(copy) ? copy.response : roomResponse }

    /// Occurrences that the room's copy does not have, because the room said no to them. While the room has not answered,
    /// only those it had said no to before.
    private func declined(in copy: Event, of meeting: Meeting) -> Set<WallTime> {
        guard let missing = copy.meeting.recurrence?.cancelled, let series = meeting.recurrence,
            copy.meeting.time.sameTime(as: meeting.time), copy.meeting.recurrence?.samePattern(as: series) == true
        else { return [] }
        if !awaitsRoom, copy.response == .accepted { return missing }
        return missing.intersection(eventBase.recurrence?.cancelled ?? [])
    }
}

extension Meeting {
    /// Whether both are at the same times, all occurrences of a series included.
    fileprivate func hasTimes(of other: Meeting) -> Bool {
        guard agrees(with: other, in: .time) else { return false }
        switch (recurrence?.timesOnly, other.recurrence?.timesOnly) {
        case (nil, nil): return true
        case (let own?, let theirs?): return own.agrees(with: theirs)
        default: return false
        }
    }

    /// This meeting at the times of another one; what else differs in its occurrences stays.
    fileprivate func takingTimes(from other: Meeting) -> Meeting {
        var result = self
        result.time = other.time
        guard let theirs = other.recurrence else {
            result.recurrence = nil
            return result
        }
        var series = theirs.timesOnly
        for (original, own) in recurrence?.exceptions ?? [:] where !series.cancelled.contains(original) {
            var change = own
            change.time = series.exceptions[original]?.time
            series.set(.changed(change), of: original)
        }
        result.recurrence = series
        return result
    }
}

extension Recurrence {
    /// The series without anything in its occurrences but when they are.
    fileprivate var timesOnly: Recurrence {
        var result = self
        result.exceptions = exceptions.compactMapValues { change in
            change.time.map { OccurrenceChange(time: $0) }
        }
        return result
    }
}
