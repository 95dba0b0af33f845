/// Graph's patterned recurrence. What a pattern does not use is nil when written: the server refuses members without a
/// supported value. When read, unused members are filled in and are to be ignored.
struct GraphRecurrence: Codable, Sendable, Hashable {
    var pattern: Pattern
    var range: Range

    struct Pattern: Codable, Sendable, Hashable {
        /// daily, weekly, absoluteMonthly, relativeMonthly, absoluteYearly or relativeYearly
        var type: String?
        var interval: Int?
        var daysOfWeek: [String]?
        var firstDayOfWeek: String?
        var dayOfMonth: Int?
        var month: Int?
        /// first, second, third, fourth or last
        var index: String?
    }

    struct Range: Codable, Sendable, Hashable {
        /// endDate, noEnd or numbered
        var type: String?
        var startDate: String?
        var endDate: String?
        var numberOfOccurrences: Int?
        var recurrenceTimeZone: String?
    }
}

/// What is written about a recurrence: a new one, or that there is none any more.
enum OutgoingRecurrence: Encodable, Sendable, Hashable {
    case repeating(GraphRecurrence)
    /// `null`: the series becomes a single meeting.
    case none

    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .repeating(let recurrence): try value.encode(recurrence)
        case .none: try value.encodeNil()
        }
    }
}
