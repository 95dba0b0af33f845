/// How a meeting repeats (RFC 5545 §3.8.5), with what differs from the rule. The meeting's own time is the series' start: it
/// gives the wall time, the zone and the length of every occurrence. An occurrence is known by its *original start*: the
/// wall time, in the series' zone, at which the rule puts it (midnight for an all-day series), wherever it was moved to.
package struct Recurrence: Hashable, Sendable, Codable {
    package var rule: RecurrenceRule
    /// Original starts of occurrences that were taken out (EXDATE).
    package var cancelled: Set<WallTime>
    /// Occurrences that differ from the series, by original start.
    package var exceptions: [WallTime: OccurrenceChange]
    /// Starts of occurrences beside those of the rule (RDATE). They are cancelled and changed like any other.
    package var additions: Set<WallTime>

    package init(
        rule: RecurrenceRule, cancelled: Set<WallTime> = [], exceptions: [WallTime: OccurrenceChange] = [:],
        additions: Set<WallTime> = []
    ) {
        self.rule = rule
        self.cancelled = cancelled
        self.exceptions = exceptions
        self.additions = additions
    }
}

/// What one occurrence has instead of the series' values; nil where it follows the series.
package struct OccurrenceChange: Hashable, Sendable, Codable {
    package var time: MeetingTime?
    package var subject: String?
    package var body: String?
    package var location: String?
    package var showAs: ShowAs?

    package init(
        time: MeetingTime? = nil, subject: String? = nil, body: String? = nil, location: String? = nil,
        showAs: ShowAs? = nil
    ) {
        self.time = time
        self.subject = subject
        self.body = body
        self.location = location
        self.showAs = showAs
    }

    package var isEmpty: Bool { self == OccurrenceChange() }
}

extension Meeting {
    /// One occurrence of this series as a meeting of its own.
    /// - Parameter time: when the occurrence is, unless the change moves it.
    package func occurrence(at time: MeetingTime, _ change: OccurrenceChange?) -> Meeting {
        var result = self
        result.recurrence = nil
        result.time = change?.time ?? time
        guard let change else { return result }
        if let subject = change.subject { result.subject = subject }
        if let body = change.body { result.body = body }
        if let location = change.location { result.location = location }
        if let showAs = change.showAs { result.showAs = showAs }
        return result
    }

    /// What an occurrence has instead of this series' values.
    /// - Parameter time: when the series puts the occurrence.
    package func change(to occurrence: Meeting, at time: MeetingTime) -> OccurrenceChange {
        func own<Value: Equatable>(_ path: KeyPath<Meeting, Value>) -> Value? {
            occurrence[keyPath: path] == self[keyPath: path] ? nil : occurrence[keyPath: path]
        }
        return OccurrenceChange(
            time: occurrence.time.sameTime(as: time) ? nil : occurrence.time, subject: own(\.subject),
            body: own(\.body), location: own(\.location), showAs: own(\.showAs))
    }
}
