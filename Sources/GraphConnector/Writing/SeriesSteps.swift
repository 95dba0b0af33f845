import CalendarModel
import CalendarTime
import ICalendar

/// What has to be written next so that an event becomes what is wanted: pure, so that an interrupted write is taken up
/// from whatever it left behind.
///
/// Exchange makes a series anew when its rule or its time changes, and forgets then what differed from the rule. So the
/// master is written first, and the occurrences after the series was read again. An occurrence that was taken out comes
/// back only in a series made anew: the rule is changed to another one and back.
struct SeriesSteps: Sendable {
    /// What is written to the master, or to the single event.
    var master = OutgoingEvent()
    var occurrences: [OccurrenceStep] = []

    struct OccurrenceStep: Sendable {
        var original: WallTime
        /// When it is now, to find its id by.
        var now: TimeSpan
        /// Nil takes the occurrence out.
        var change: OutgoingEvent?
    }

    var isEmpty: Bool { master.isEmpty && occurrences.isEmpty }

    /// - Parameters:
    ///   - content: the fields of the event itself to write, where they differ: none once they were written, because Exchange
    ///     rewrites texts.
    ///   - written: occurrences whose texts were written already.
    init(
        from current: ReadEvent, to wanted: Meeting, content: Set<MeetingField>, written: Set<WallTime>,
        by writer: EventWriter, inviting: Bool
    ) throws(InexpressibleSeries) {
        let now = current.event.meeting
        let named = content.subtracting([.time, .recurrence, .organizer, .attendees])
        var fields = wanted.differences(from: now, among: named)
        if inviting { fields.formUnion(content.intersection([.organizer, .attendees])) }
        if wanted.recurrence == nil, !wanted.time.sameTime(as: now.time) { fields.insert(.time) }
        master = writer.fields(fields, of: wanted, inviting: inviting)

        guard let recurrence = wanted.recurrence else {
            if now.recurrence != nil {
                master.recurrence = OutgoingRecurrence.none
                (master.start, master.end) = writer.times(wanted.time)
                master.isAllDay = wanted.time.isAllDay
            }
            return
        }
        let form = try SeriesForm(wanted, recurrence, roomZone: writer.roomZone)
        let journal = SeriesJournal(wanted, recurrence)
        guard current.form(roomZone: writer.roomZone) == form, let present = now.recurrence else {
            master.take(form)
            if !recurrence.irregular.isEmpty { master.note(journal) }
            return
        }
        let series = Series(wanted, roomZone: writer.roomZone)
        let differing = recurrence.occurrences(differingFrom: present).filter { series?.has($0) == true }.sorted()
        if differing.contains(where: { present.cancelled.contains($0) }) {
            master.take(form.forgetful)
            master.note(journal)
            return
        }
        // Those that inherit from the master follow it when it is written; they are compared with what they become.
        let after = now.taking(named, from: wanted)
        for original in differing {
            guard let regular = series?.regularTime(of: original) else { continue }
            let before = after.occurrence(at: regular, present.exceptions[original])
            if recurrence.cancelled.contains(original) {
                occurrences.append(.init(original: original, now: before.span, change: nil))
                continue
            }
            let goal = wanted.occurrence(at: regular, recurrence.exceptions[original])
            var parts = goal.differences(
                from: before,
                among: written.contains(original) ? [.time] : [.time, .subject, .body, .location, .showAs])
            if goal.time.isAllDay != before.time.isAllDay { parts.insert(.time) }
            let change = writer.fields(parts, of: goal, inviting: false)
            if !change.isEmpty { occurrences.append(.init(original: original, now: before.span, change: change)) }
        }
        // What is taken out makes room for what is moved.
        occurrences = occurrences.filter { $0.change == nil } + occurrences.filter { $0.change != nil }
    }
}

extension Meeting {
    /// What an update wants of an event that is at present like this.
    func wanted(_ meeting: Meeting, parts: MeetingParts) -> Meeting {
        var parts = parts
        parts.fields.subtract([.organizer, .attendees])
        // Occurrences are known by the series' time: when that changes, they go along.
        if parts.fields.contains(.time), recurrence != nil, meeting.recurrence != nil {
            parts.fields.insert(.recurrence)
        }
        // Without its time a series that becomes another one would keep the old start.
        if parts.fields.contains(.recurrence), meeting.recurrence != nil || recurrence != nil {
            parts.fields.insert(.time)
        }
        return taking(parts: parts, from: meeting)
    }
}
