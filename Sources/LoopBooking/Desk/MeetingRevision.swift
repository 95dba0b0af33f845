import CalendarModel

/// What makes one revision of a booking different from the one before.
enum MeetingRevision {
    /// The fields that are not the same any more, to the letter: what a person typed is kept as it was typed.
    static func fields(from old: Meeting, to new: Meeting) -> Set<MeetingField> {
        var fields: Set<MeetingField> = []
        if old.time != new.time { fields.insert(.time) }
        if old.subject != new.subject { fields.insert(.subject) }
        if old.body != new.body { fields.insert(.body) }
        if old.organizer != new.organizer { fields.insert(.organizer) }
        if old.attendees != new.attendees { fields.insert(.attendees) }
        if old.sensitivity != new.sensitivity { fields.insert(.sensitivity) }
        if old.showAs != new.showAs { fields.insert(.showAs) }
        if old.location != new.location { fields.insert(.location) }
        if old.recurrence != new.recurrence { fields.insert(.recurrence) }
        return fields
    }

    /// The one word for a change; a change of status outweighs a change of content.
    static func kind(
        from old: Booking.Status, to new: Booking.Status, fields: Set<MeetingField>
    ) -> BookingChangeRecord.Kind {
        if old != new {
            switch new {
            case .confirmed: return .confirmed
            case .pending: return fields.contains(.time) ? .moved : .pending
            case .refused: return .refused
            case .cancelled: return .cancelled
            }
        }
        return fields.contains(.time) ? .moved : .changed
    }

    /// Whether the time or the rule became another one, whatever became of single occurrences.
    static func isAtOtherTimes(from old: Meeting, to new: Meeting) -> Bool {
        guard old.agrees(with: new, in: .time) else { return true }
        switch (old.recurrence, new.recurrence) {
        case (nil, nil): return false
        case (let before?, let after?): return !before.samePattern(as: after)
        default: return true
        }
    }

    /// Whether only single occurrences of a series became different.
    static func isAboutOccurrences(from old: Meeting, to new: Meeting) -> Bool {
        guard let before = old.recurrence, let after = new.recurrence else { return false }
        return before.samePattern(as: after) && fields(from: old, to: new) == [.recurrence]
    }

    /// What became of each occurrence, when a change was about those only.
    static func notes(from old: Meeting, to new: Meeting) -> [OccurrenceNote] {
        guard isAboutOccurrences(from: old, to: new), let before = old.recurrence, let after = new.recurrence else {
            return []
        }
        return before.irregular.union(after.irregular).sorted().compactMap { original in
            let state = after.state(of: original)
            guard state != before.state(of: original) else { return nil }
            return OccurrenceNote(original: original, kind: kind(from: before.state(of: original), to: state))
        }
    }

    /// Whether the booking's place in the queue for its slots is a new one. A series keeps it when single occurrences
    /// change or when it is shortened.
    static func takesSlotsAnew(from old: Meeting, to new: Meeting, takesMore: Bool) -> Bool {
        if !old.time.sameTime(as: new.time) { return true }
        guard old.recurrence != nil || new.recurrence != nil else { return false }
        return takesMore && !isAboutOccurrences(from: old, to: new)
    }

    private static func kind(
        from old: Recurrence.OccurrenceState, to new: Recurrence.OccurrenceState
    ) -> OccurrenceNote.Kind {
        switch new {
        case .asRule: return .restored
        case .cancelled: return .cancelled
        case .changed(let change):
            var before: MeetingTime?
            if case .changed(let earlier) = old { before = earlier.time }
            return change.time == before ? .changed : .moved
        }
    }
}
