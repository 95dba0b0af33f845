/// Why a rule could not be expanded.
package enum RecurrenceError: Error, Hashable, CustomStringConvertible {
    /// The rule has values that RFC 5545 does not allow, or that can never match a day.
    case invalidRule(String)

    package var description: String {
        switch self {
        case .invalidRule(let text):
            "The recurrence rule \(text) cannot be expanded: it breaks RFC 5545 or never matches a day. "
                + "Correct its interval, days or month."
        }
    }
}
