import CalendarModel

/// How long changes took to the other side: a number of them, summed up.
package struct LatencyMeasure: Hashable, Sendable {
    package var count = 0
    package var mean: Duration = .zero
    /// Nineteen of twenty took no longer; known to the class of the histogram.
    package var p95: Duration = .zero
    package var maximum: Duration = .zero

    /// The upper ends of the histogram's classes, in seconds; what took longer is in one more.
    package static let classes: [Double] = [1, 2, 5, 10, 20, 30, 60, 120, 300, 900, 3600]

    package init() {}

    init(count: Int, sum: Int64, maximum: Int64, classes: [Int64]) {
        self.count = count
        mean = count > 0 ? .milliseconds(sum / Int64(count)) : .zero
        self.maximum = .milliseconds(maximum)
        let rank = Int64((Double(count) * 0.95).rounded(.up))
        var seen: Int64 = 0
        p95 = self.maximum
        for (index, number) in classes.enumerated() {
            seen += number
            guard seen >= rank, index < Self.classes.count else { continue }
            p95 = min(.milliseconds(Int64(Self.classes[index] * 1000)), self.maximum)
            break
        }
    }

    static func place(of duration: Duration) -> Int {
        let seconds = duration.inSeconds
        return classes.firstIndex { seconds <= $0 } ?? classes.count
    }
}

/// One hour's changes toward one side.
package struct LatencyHour: Hashable, Sendable {
    /// When the hour began.
    package var hour: Instant
    package var toward: Side
    package var measure: LatencyMeasure
}
