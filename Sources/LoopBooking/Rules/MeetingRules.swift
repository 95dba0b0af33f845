import CalendarModel

/// The rules for what a booking says, apart from its time.
package enum MeetingRules {
    /// Every rule that a new booking's content breaks.
    package static func violations(of draft: BookingDraft) -> [RuleViolation] {
        violations(
            of: BookingChange(
                subject: draft.subject, body: draft.body, organizer: draft.organizer.map { .value($0) },
                attendees: draft.attendees, showAs: draft.showAs, location: draft.location,
                recurrence: draft.recurrence))
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
        if change.recurrence != nil { violations.append(recurrence) }
        return violations
    }

    /// What a request for a series is answered.
    package static let recurrence = RuleViolation(
        code: "recurrence-not-supported", field: "recurrence",
        message: "This version books single meetings only. Book each date on its own.")
}
