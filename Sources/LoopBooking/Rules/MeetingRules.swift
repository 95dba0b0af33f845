import CalendarModel

/// The rules for what a booking says, apart from its time.
package enum MeetingRules {
    /// Every rule that a new booking's content breaks.
    package static func violations(of draft: BookingDraft) -> [RuleViolation] {
        violations(
            of: BookingChange(
                subject: draft.subject, body: draft.body, organizer: draft.organizer.map { .value($0) },
                attendees: draft.attendees, showAs: draft.showAs, location: draft.location))
    }

    /// Every rule that the changed parts break; what stays is not judged again.
    package static func violations(of change: BookingChange) -> [RuleViolation] {
        var violations: [RuleViolation] = []
        if let subject = change.subject {
            violations += TextRules.line(subject, field: "subject", longest: TextRules.longestSubject)
        }
        if let body = change.body {
            violations += TextRules.text(body, field: "body", longest: TextRules.longestBody)
        }
        if case .value(let organizer) = change.organizer {
            violations += TextRules.person(organizer, field: "organizer", needsAddress: false)
        }
        if let attendees = change.attendees { violations += TextRules.attendees(attendees) }
        if let location = change.location {
            violations += TextRules.line(location, field: "location", longest: TextRules.longestName)
        }
        if let showAs = change.showAs, !showAs.holdsRoom {
            violations.append(
                RuleViolation(
                    code: "shown-as-free", field: "showAs",
                    message: "A booking holds its room, so it cannot be shown as free."))
        }
        return violations
    }

    /// Every rule that a change to one occurrence breaks by itself.
    ///
    /// - Parameter field: where the change stands in the request, with a dot at its end; empty for the request itself.
    static func violations(ofOccurrence change: BookingChange, at field: String = "") -> [RuleViolation] {
        var violations = violations(of: change)
        let ofSeries: [(String, Bool)] = [
            ("organizer", change.organizer != nil), ("attendees", change.attendees != nil),
            ("sensitivity", change.sensitivity != nil), ("recurrence", change.recurrence != nil),
            ("room", change.room != nil),
        ]
        violations += ofSeries.filter(\.1).map { name, _ in
            RuleViolation(
                code: "series-only", field: name,
                message: "\(name) is the same for the whole series. Change the booking, or cut the series in two.")
        }
        return violations.map { violation in
            var placed = violation
            placed.field = field + violation.field
            return placed
        }
    }
}
