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
}
