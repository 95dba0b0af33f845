import CalendarModel
import CalendarTime

/// Bars of how long changes took, as the numbers of a drawing, with the sentence that says the same.
struct LatencyChart {
    /// What takes longer than this is slow.
    static let slow = 10.0

    /// Mean seconds of each stretch of time, oldest first; nil where nothing crossed.
    let bars: [Double?]
    let width: Double
    let height: Double

    /// A dashed line shows what is slow, as soon as anything comes near it.
    private var top: Double { max(bars.compactMap(\.self).max() ?? 0, 4) * 1.08 }

    var values: JSONValue {
        let step = width / Double(max(bars.count, 1))
        let drawn: [JSONValue] = bars.enumerated().map { index, seconds in
            let high = seconds.map { max($0 / top * height, 1.5) } ?? min(height, 12)
            return [
                "kind": seconds.map { $0 > Self.slow ? "chart-bar chart-bar-slow" : "chart-bar" }
                    .map(JSONValue.string) ?? "chart-bar-none",
                "x": number(Double(index) * step + 1), "y": number(height - high), "width": number(step - 2),
                "height": number(high),
            ]
        }
        return [
            "bars": .array(drawn), "width": number(width), "height": number(height), "base": number(height - 0.5),
            "limit": top > Self.slow ? number(height - Self.slow / top * height) : .null,
        ]
    }

    private func number(_ value: Double) -> JSONValue {
        let tenths = Int((value * 10).rounded())
        return .string(tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))")
    }

    /// The beginning of the week that ends with today, in a zone.
    static func weekStart(_ now: Instant, in zone: ZoneID) -> Instant {
        guard let today = Zones.date(of: now, in: zone) else { return now.advanced(by: .seconds(-7 * 86_400)) }
        return Zones.startOfDay(Zones.date(today, addingDays: -6), in: zone) ?? now
    }
}
