import CalendarModel

/// What differs from a series' rule, as it looks on the other side.
extension Crossing {
    func eventRecurrence(from recurrence: Recurrence, of booking: Meeting, origin: Side) -> Recurrence {
        changed(recurrence) { change in
            guard policy.content == .everything else { return }
            if origin == .loopBooking {
                change.body = change.body.map { Footer.added(to: $0, organizer: booking.organizer) }
            }
        }
    }

    /// An occurrence that does not hold the room in the calendar is not on in LoopBooking.
    func bookingRecurrence(from recurrence: Recurrence) -> Recurrence {
        var result = changed(recurrence) { $0.body = $0.body.map(Footer.removed) }
        for (original, change) in recurrence.exceptions where change.showAs?.holdsRoom == false {
            result.set(.cancelled, of: original)
        }
        return result
    }

    private func changed(_ recurrence: Recurrence, _ rewrite: (inout OccurrenceChange) -> Void) -> Recurrence {
        guard !recurrence.exceptions.isEmpty else { return recurrence }
        var result = recurrence
        for (original, change) in recurrence.exceptions {
            var crossing = change
            if policy.content != .everything {
                (crossing.subject, crossing.body, crossing.location) = (nil, nil, nil)
            }
            rewrite(&crossing)
            result.exceptions[original] = crossing.isEmpty ? nil : crossing
        }
        return result
    }
}
