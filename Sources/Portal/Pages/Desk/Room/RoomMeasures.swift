import CalendarModel
import CalendarTime
import SQLStore
import SyncEngine
import SyncService

/// How fast a link is: what crossed this week, and round trips.
struct RoomMeasures {
    private static let hours = 6
    private static let bars = 28

    private let link: LinkRecord
    private let request: PageRequest
    private let now: Instant
    private let times: TimeWriter

    init(_ link: LinkRecord, request: PageRequest, now: Instant) {
        self.link = link
        self.request = request
        self.now = now
        times = request.times(in: link.link.roomZone)
    }

    private var words: Words { request.words }

    /// The week in bars of six hours.
    func latency() async throws -> JSONValue {
        let start = LatencyChart.weekStart(now, in: link.link.roomZone)
        let hours = try await request.store.latencyHours(
            of: link.link.organization, link: link.link.id, since: start)
        let recent = try await request.store.latency(
            of: link.link.organization, link: link.link.id, since: now.advanced(by: .seconds(-3600)))
        var sums = Array(repeating: (count: 0, seconds: 0.0), count: Self.bars)
        var slowest: (seconds: Double, hour: Instant)?
        for hour in hours where hour.measure.count > 0 {
            let index = Int(hour.hour.since(start).inSeconds / 3600) / Self.hours
            guard sums.indices.contains(index) else { continue }
            sums[index].count += hour.measure.count
            sums[index].seconds += hour.measure.mean.inSeconds * Double(hour.measure.count)
            let longest = hour.measure.maximum.inSeconds
            if longest > slowest?.seconds ?? 0 { slowest = (longest, hour.hour) }
        }
        let count = sums.reduce(0) { $0 + $1.count }
        guard count > 0 else { return ["isThere": false] }
        let mean = sums.reduce(0) { $0 + $1.seconds } / Double(count)
        var text = words(
            "room.latency.text", ["count": String(count), "mean": times.length(.seconds(mean))])
        if let slowest {
            text +=
                " "
                + words(
                    "room.latency.slowest",
                    ["time": times.length(.seconds(slowest.seconds)), "when": times.moment(slowest.hour)])
        }
        let chart = LatencyChart(
            bars: sums.map { $0.count > 0 ? $0.seconds / Double($0.count) : nil }, width: 672, height: 100)
        let first = Zones.date(of: start, in: link.link.roomZone)
        return [
            "isThere": true, "chart": chart.values, "text": .string(text),
            "now": recent.count > 0
                ? .string(
                    words(
                        "room.latency.now",
                        ["mean": times.length(recent.mean), "p95": times.length(recent.p95)])) : .null,
            "days": .array(
                (0..<7).map { day in
                    .string(first.map { times.weekday(Zones.date($0, addingDays: day)) } ?? "")
                }),
        ]
    }

    /// The newest round trips.
    func canary() async throws -> JSONValue {
        let runs = try await request.store.canaryRuns(of: link.link.id, limit: 8)
        return [
            "isUnderWay": .bool(runs.first?.outcome == .underWay), "hasRuns": .bool(!runs.isEmpty),
            "runs": .array(
                runs.map { run in
                    let (kind, icon) =
                        switch run.outcome {
                        case .underWay: ("catchingUp", "catching-up")
                        case .passed: ("good", "in-sync")
                        case .failed: ("bad", "cross-circle")
                        case .skipped: ("notChecked", "not-checked")
                        }
                    func seconds(_ value: Double?) -> JSONValue {
                        value.map { .string(times.length(.seconds($0))) } ?? .null
                    }
                    return [
                        "when": .string(times.moment(run.startedAt)),
                        "status": request.mark(kind, icon: icon, words["canary.\(run.outcome.rawValue)"]),
                        "outbound": seconds(run.outboundSeconds), "inbound": seconds(run.inboundSeconds),
                        "problem": run.diagnosis.map(request.problem) ?? .null,
                    ]
                }),
        ]
    }
}
