/// A point on the time line, in whole microseconds since 1970-01-01T00:00:00Z. What machines compare.
package struct Instant: Hashable, Comparable, Sendable, Codable {
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }
    package init(seconds: Int64) { microseconds = seconds * 1_000_000 }

    package init(from decoder: any Decoder) throws {
        microseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(microseconds)
    }

    package static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

    /// Later than every meeting: where an endless series ends. The year 9999, so that it has a date.
    package static let distantFuture = Instant(seconds: 253_370_764_800)

    /// Elapsed time only; calendar arithmetic ("the same time tomorrow") belongs to CalendarTime.
    package func advanced(by duration: Duration) -> Instant {
        Instant(microseconds: microseconds + duration.wholeMicroseconds)
    }

    /// The elapsed time from `earlier` to this instant.
    package func since(_ earlier: Instant) -> Duration { .microseconds(microseconds - earlier.microseconds) }
}

extension Duration {
    /// The duration in whole microseconds, truncated.
    package var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }

    /// The duration in seconds.
    package var inSeconds: Double { Double(wholeMicroseconds) / 1_000_000 }
}

/// A half-open span of time: `start` belongs to it, `end` does not, so that back-to-back meetings do not overlap.
package struct TimeSpan: Hashable, Sendable, Codable {
    package var start: Instant
    package var end: Instant

    package init(start: Instant, end: Instant) {
        self.start = start
        self.end = end
    }

    package var duration: Duration { end.since(start) }
    package var isEmpty: Bool { end <= start }

    package func overlaps(_ other: TimeSpan) -> Bool { start < other.end && other.start < end }
    package func contains(_ instant: Instant) -> Bool { start <= instant && instant < end }
    package func contains(_ other: TimeSpan) -> Bool { start <= other.start && other.end <= end }
}
