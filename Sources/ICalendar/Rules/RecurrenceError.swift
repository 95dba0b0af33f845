/// Why a rule could not be read or expanded.
package enum RecurrenceError: Error, Hashable, CustomStringConvertible {
    /// The rule is not one of RFC 5545: malformed, or with values that it does not allow.
    case invalidRule(String)
    /// The rule is sound, but has a part that a room's bookings do not have.
    case unsupported(part: String, rule: String)
    /// The zone in which the rule's end is to be understood is unknown.
    case unknownZone(String)

    package var description: String {
        switch self {
        case .invalidRule(let text):
            "The recurrence rule “\(text.prefix(200))” breaks RFC 5545. Correct its frequency, interval, days or end."
        case .unsupported(let part, let rule):
            "The recurrence rule “\(rule.prefix(200))” has \(part), which bookings of rooms do not have. "
                + "Use a daily, weekly, monthly or yearly rule with one time of day."
        case .unknownZone(let name):
            "The time zone “\(name.prefix(60))” of the recurrence rule is unknown. "
                + "Use an IANA name such as Europe/Oslo."
        }
    }
}
