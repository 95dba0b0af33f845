import CalendarModel

/// What stands of a booking at one moment, as far as deciding a clash changes it: its status and its time, or one of its
/// occurrences.
package struct BookingStanding: Hashable, Sendable, Codable {
    package var booking: BookingID
    package var status: Booking.Status
    package var reason: String?
    package var slotTakenAt: Instant
    package var time: MeetingTime
    /// Set when only one occurrence of the series is meant.
    package var occurrence: WallTime?
    package var occurrenceIsCancelled = false
    package var occurrenceChange: OccurrenceChange?

    package init(_ booking: Booking, occurrence: WallTime? = nil) {
        self.booking = booking.id
        status = booking.status
        reason = booking.reason
        slotTakenAt = booking.slotTakenAt
        time = booking.meeting.time
        guard let occurrence, let recurrence = booking.meeting.recurrence else { return }
        self.occurrence = occurrence
        switch recurrence.state(of: occurrence) {
        case .asRule: break
        case .cancelled: occurrenceIsCancelled = true
        case .changed(let change): occurrenceChange = change
        }
    }

    /// Whether both hold the same time, or neither holds any.
    package func holdsSame(as other: BookingStanding) -> Bool {
        let (own, their) = (holds, other.holds)
        guard own == their else { return false }
        guard own else { return true }
        return time.sameTime(as: other.time) && occurrenceChange?.time == other.occurrenceChange?.time
    }

    private var holds: Bool { status.holdsRoom && !occurrenceIsCancelled }

    /// The meeting as it stands here.
    func applied(to meeting: Meeting) -> Meeting {
        var result = meeting
        guard let occurrence else {
            result.time = time
            return result
        }
        if occurrenceIsCancelled {
            result.recurrence?.set(.cancelled, of: occurrence)
        } else if let occurrenceChange {
            result.recurrence?.set(.changed(occurrenceChange), of: occurrence)
        } else {
            result.recurrence?.set(.asRule, of: occurrence)
        }
        return result
    }
}
