import CalendarModel
import CalendarTime
import Foundation
import ICalendar
import Testing

@Suite("Expansion against independent programs")
struct DifferentialTests {
    private struct RuleCase: Decodable {
        var rule: String
        var start: String
        var from: String
        var through: String
        var occurrences: [String]
    }

    private struct ClockCase: Decodable {
        var zone: String
        var start: String
        var days: Int
        var instants: [Int64]
    }

    private static func setting(_ name: String, _ standard: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? standard
    }

    @Test("Random rules have the occurrences that python-dateutil gives them, in every spelling")
    func randomRules() async throws {
        let seed = Self.setting("LOOPSYNC_SEED", 5545)
        let count = Self.setting("LOOPSYNC_RULES", 3000)
        let cases: [RuleCase] = try await Referee.lines("random_rules.py", String(seed), String(count))
        #expect(cases.count == count)
        #expect(cases.count { $0.occurrences.isEmpty } < count / 3, "Most rules should have occurrences.")
        try compare(cases, "seed \(seed)")
    }

    @Test("Week numbers are those of Python's ISO calendar, at the year's edges too")
    func weekNumbers() async throws {
        let cases: [RuleCase] = try await Referee.lines("calendar_weeks.py")
        #expect(cases.count == 2 * 106)
        try compare(cases, "week numbers")
    }

    /// The rule as read, the rule written and read again, and the rule's normal form all mean the same.
    private func compare(_ cases: [RuleCase], _ origin: String) throws {
        for each in cases {
            let start = try Timestamps.parseWall(each.start)
            let from = try Timestamps.parseWall(each.from).date
            let through = try Timestamps.parseWall(each.through).date
            func occurrences(_ rule: RecurrenceRule) throws -> [String] {
                try RecurrenceExpansion.occurrences(
                    of: rule, startingAt: start, from: from, through: through, limit: 10_000
                ).map(\.description)
            }
            let rule = try RecurrenceRule(rruleText: each.rule, seriesStart: start, zone: nil)
            let described = "\(origin): \(each.rule) from \(each.start), asked from \(each.from)"
            #expect(try occurrences(rule) == each.occurrences, "\(described)")
            let again = try RecurrenceRule(rruleText: rule.rruleText, seriesStart: start, zone: nil)
            #expect(again == rule, "\(described)")
            let normal = rule.normalized(for: start)
            #expect(normal.normalized(for: start) == normal, "\(described)")
            guard normal != rule else { continue }
            #expect(try occurrences(normal) == each.occurrences, "\(described), as \(normal.rruleText)")
        }
    }

    @Test("Series keep their wall time across clock changes as Python's zoneinfo has it")
    func clockChanges() async throws {
        let cases: [ClockCase] = try await Referee.lines("clock_changes.py")
        #expect(cases.count > 2000)
        for each in cases {
            let zone = ZoneID(each.zone)
            let start = try Timestamps.parseWall(each.start)
            let begin = try #require(Zones.instant(of: start, in: zone), "\(each.zone)")
            let time = try Zones.timed(
                span: TimeSpan(start: begin, end: begin.advanced(by: .seconds(1800))), zone: zone)
            let rule = RecurrenceRule(frequency: .daily, end: .after(count: each.days))
            let meeting = Meeting(time: .timed(time), subject: "Standup", recurrence: Recurrence(rule: rule))
            let series = try #require(Series(meeting, roomZone: .utc))
            let found = series.occurrences(
                in: TimeSpan(
                    start: begin.advanced(by: .seconds(-86_400)), end: begin.advanced(by: .seconds(86_400 * 9))))
            #expect(
                found.map(\.span.start) == each.instants.map(Instant.init(seconds:)), "\(each.zone) from \(each.start)")
            #expect(found.allSatisfy { $0.span.duration == .seconds(1800) }, "\(each.zone) from \(each.start)")
        }
    }
}
