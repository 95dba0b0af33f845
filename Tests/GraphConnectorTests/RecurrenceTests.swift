import CalendarModel
import CalendarTime
import Foundation
import GraphConnector
import ICalendar
import StandIns
import SyncEngine
import Testing

@Suite("Recurrence in Graph's words and back", .timeLimit(.minutes(3))) struct RecurrenceTests {
    private static let oslo = ZoneID("Europe/Oslo")

    /// The first hundred within thirty years.
    private static func dates(_ drawn: RandomSeries, _ rule: RecurrenceRule) throws -> [WallTime] {
        try RecurrenceExpansion.occurrences(
            of: rule, startingAt: WallTime(date: drawn.start, hour: 10, minute: 0), from: drawn.start,
            through: Zones.date(drawn.start, addingDays: 366 * 30), limit: 100)
    }

    /// `LOOPSYNC_SEED` replays other rules.
    private static let seed = ProcessInfo.processInfo.environment["LOOPSYNC_SEED"].flatMap(UInt64.init) ?? 20_260_302

    @Test(arguments: 0..<10)
    func `Random rules come back as they were and mean the same dates, or a reason is given`(_ part: UInt64) throws {
        print("recurrence round trip: LOOPSYNC_SEED=\(Self.seed), part \(part)")
        var random = SeededGenerator(seed: Self.seed &+ part)
        var reasons: [String: Int] = [:]
        var expressed = 0
        for number in 0..<300 {
            let drawn = RandomSeries(using: &random)
            let meeting = try drawn.meeting()
            if let reason = GraphConnector.reasonNotExpressed(meeting) {
                reasons[reason, default: 0] += 1
                #expect(!drawn.isPlain, "\(number): \(drawn.rule): \(reason)")
                continue
            }
            expressed += 1
            let json = try #require(GraphConnector.recurrenceJSON(of: meeting, roomZone: Self.oslo))
            let back = try #require(GraphConnector.rule(ofRecurrenceJSON: json))
            if drawn.isPlain { #expect(back == drawn.rule, "\(number): \(json)") }
            #expect(
                try Self.dates(drawn, back) == Self.dates(drawn, drawn.rule),
                "\(number): from \(drawn.start): \(drawn.rule.rruleText) against \(back.rruleText)")
            var again = meeting
            again.recurrence = Recurrence(rule: back)
            #expect(GraphConnector.recurrenceJSON(of: again, roomZone: Self.oslo) == json)
        }
        #expect(expressed >= 170, "\(reasons)")
        #expect(reasons.count >= 6, "\(reasons)")
    }

    @Test func `A day that a month lacks is that month's last in Exchange`() throws {
        func rule(_ type: String, _ day: Int, month: Int = 0) -> RecurrenceRule? {
            GraphConnector.rule(
                ofRecurrenceJSON: """
                    {"pattern":{"type":"\(type)","interval":1,"dayOfMonth":\(day),"month":\(month),"index":"first",
                    "firstDayOfWeek":"sunday"},"range":{"type":"noEnd","startDate":"2027-01-31","endDate":"0001-01-01",
                    "numberOfOccurrences":0,"recurrenceTimeZone":"W. Europe Standard Time"}}
                    """)
        }
        func days(_ rule: RecurrenceRule?, from start: CivilDate, _ count: Int) throws -> [String] {
            let rule = try #require(rule)
            return try RecurrenceExpansion.occurrences(
                of: rule, startingAt: WallTime(date: start, hour: 9, minute: 0), from: start,
                through: CivilDate(year: 2040, month: 1, day: 1), limit: count
            ).map { String($0.date.description.dropFirst(2)) }
        }
        let january = CivilDate(year: 2027, month: 1, day: 28)
        #expect(
            try days(rule("absoluteMonthly", 31), from: january, 4) == ["27-01-31", "27-02-28", "27-03-31", "27-04-30"])
        #expect(
            try days(rule("absoluteMonthly", 30), from: january, 4) == ["27-01-30", "27-02-28", "27-03-30", "27-04-30"])
        #expect(
            try days(rule("absoluteMonthly", 29), from: january, 3) == ["27-01-29", "27-02-28", "27-03-29"])
        #expect(
            try days(rule("absoluteYearly", 29, month: 2), from: january, 3) == ["27-02-28", "28-02-29", "29-02-28"])
        #expect(try days(rule("absoluteYearly", 31, month: 12), from: january, 2) == ["27-12-31", "28-12-31"])
    }

    @Test func `Ranges are read as the server shows them`() {
        func end(_ range: String) -> RecurrenceRule.End? {
            GraphConnector.rule(
                ofRecurrenceJSON:
                    #"{"pattern":{"type":"daily","interval":1},"range":{"startDate":"2026-03-02",\#(range)}}"#)?
                .end
        }
        #expect(end(#""type":"noEnd","endDate":"0001-01-01","numberOfOccurrences":0"#) == .never)
        #expect(end(#""type":"endDate","endDate":"0001-01-01","numberOfOccurrences":0"#) == .never)
        #expect(
            end(#""type":"endDate","endDate":"2026-06-29","numberOfOccurrences":0"#)
                == .on(CivilDate(year: 2026, month: 6, day: 29)))
        #expect(end(#""type":"numbered","endDate":"0001-01-01","numberOfOccurrences":7"#) == .after(count: 7))
        #expect(end(#""type":"numbered","numberOfOccurrences":0"#) == nil)
        #expect(end(#""type":"moonPhase""#) == nil)
    }

    @Test func `What Exchange cannot hold is said with its reason`() throws {
        func reason(_ change: (inout Meeting) throws -> Void) throws -> String? {
            var meeting = try StandInWorld.meeting(day: 2)
            meeting.recurrence = Recurrence(rule: RecurrenceRule(frequency: .daily, end: .after(count: 5)))
            try change(&meeting)
            return GraphConnector.reasonNotExpressed(meeting)
        }
        func wall(_ day: Int) -> WallTime {
            WallTime(date: CivilDate(year: 2026, month: 3, day: day), hour: 10, minute: 0)
        }
        func moved(to day: Int, _ hour: Int) throws -> OccurrenceChange {
            OccurrenceChange(time: try StandInWorld.meeting(at: hour, day: day).time)
        }
        #expect(try reason { _ in } == nil)
        #expect(try reason { $0.recurrence = nil } == nil)
        #expect(try reason { $0.recurrence?.additions = [wall(20)] }?.contains("beside its rule") == true)
        #expect(try reason { $0.recurrence?.rule.end = .after(count: 1000) }?.contains("999") == true)
        #expect(try reason { $0.recurrence?.exceptions[wall(3)] = try moved(to: 3, 18) } == nil)
        #expect(try reason { $0.recurrence?.exceptions[wall(3)] = try moved(to: 4, 18) }?.contains("neighbour") == true)
        #expect(try reason { $0.recurrence?.exceptions[wall(3)] = try moved(to: 9, 10) }?.contains("neighbour") == true)
        #expect(
            try reason {
                $0.recurrence?.exceptions[wall(3)] = try moved(to: 4, 18)
                $0.recurrence?.cancelled = [wall(4)]
            } == nil)
        #expect(
            try reason {
                $0.recurrence?.exceptions[wall(5)] = try moved(to: 6, 9)
                $0.recurrence?.exceptions[wall(6)] = try moved(to: 7, 9)
            } == nil, "neighbours move together")
        #expect(
            try reason {
                $0.time = .timed(
                    try Zones.timed(
                        start: wall(2),
                        end: WallTime(date: CivilDate(year: 2026, month: 3, day: 4), hour: 9, minute: 0),
                        zone: Self.oslo))
            }?.contains("overlap") == true)
        #expect(
            try reason {
                $0.time = .timed(try Zones.timed(span: $0.span, zone: ZoneID("Antarctica/Troll")))
            }?.contains("time zone") == true)
    }
}
