import CalendarModel
import CalendarTime

/// The rules for a room's own settings.
package enum RoomRules {
    package static let largestCapacity = 100_000
    package static let farthestHorizonDays = 3_650
    package static let longestMinutes = 31 * 24 * 60

    /// Every rule that a room breaks.
    package static func violations(of draft: RoomDraft) -> [RuleViolation] {
        var violations = TextRules.line(draft.name, field: "name", longest: TextRules.longestName, isRequired: true)
        violations += TextRules.line(draft.location, field: "location", longest: TextRules.longestName)
        if let capacity = draft.capacity {
            violations += number(capacity, field: "capacity", range: 1...largestCapacity)
        }
        if Zones.known(draft.zone) == nil {
            violations.append(
                RuleViolation(
                    code: "unknown-time-zone", field: "timeZone",
                    message: "\"\(draft.zone.prefix(64))\" is not a time zone. Give an IANA name such as Europe/Oslo."))
        }
        violations += number(draft.rules.horizonDays, field: "horizonDays", range: 1...farthestHorizonDays)
        violations += number(draft.rules.maximumMinutes, field: "maximumMinutes", range: 1...longestMinutes)
        if case .weekly(let week) = draft.openingHours { violations += openingHours(week) }
        return violations
    }

    private static func number(_ number: Int, field: String, range: ClosedRange<Int>) -> [RuleViolation] {
        guard !range.contains(number) else { return [] }
        return [
            RuleViolation(
                code: "out-of-range", field: field,
                message: "\(field) must be from \(range.lowerBound) to \(range.upperBound).")
        ]
    }

    private static func openingHours(
        _ week: [RecurrenceRule.Weekday: OpeningHours.MinuteRange]
    ) -> [RuleViolation] {
        guard !week.isEmpty else {
            return [
                RuleViolation(
                    code: "never-open", field: "openingHours",
                    message: "Give hours for at least one weekday, or null for a room that is always open.")
            ]
        }
        return RecurrenceRule.Weekday.allCases.compactMap { day in
            guard let hours = week[day] else { return nil }
            guard hours.from < 0 || hours.to > 1440 || hours.from >= hours.to else { return nil }
            return RuleViolation(
                code: "invalid-hours", field: "openingHours.\(day.rawValue)",
                message: "Opening hours end after they begin, within one day: 00:00 to 24:00.")
        }
    }
}
