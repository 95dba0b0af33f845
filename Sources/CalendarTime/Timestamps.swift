import CalendarModel

/// Times as text: RFC 3339 instants and the zone-less wall times of Graph. Strict: Foundation's readers accept 30
/// February and refuse Graph's form.
package enum Timestamps {
    /// An instant such as `2026-03-02T09:00:00.123Z` or with an offset. Fractions beyond microseconds are cut off.
    package static func parseRFC3339(_ text: String) throws(TimeError) -> Instant {
        var reader = DigitReader(text)
        let expected = "2026-03-02T09:00:00Z"
        guard let wall = reader.wallTime(), let offset = reader.offset(), reader.isAtEnd else {
            throw .malformed(text, expected: expected)
        }
        guard Zones.exists(wall.time), let instant = Zones.instant(of: wall.time, in: .utc) else {
            throw .impossible(text)
        }
        return Instant(microseconds: instant.microseconds + wall.microseconds - Int64(offset) * 60_000_000)
    }

    /// A wall time such as `2017-04-15T11:00:00.0000000`, with or without a fraction (which is cut off), without an
    /// offset.
    package static func parseWall(_ text: String) throws(TimeError) -> WallTime {
        var reader = DigitReader(text)
        guard let wall = reader.wallTime(), reader.isAtEnd else {
            throw .malformed(text, expected: "2026-03-02T09:00:00")
        }
        guard Zones.exists(wall.time) else { throw .impossible(text) }
        return wall.time
    }

    /// A date such as `2026-03-02`.
    package static func parseDate(_ text: String) throws(TimeError) -> CivilDate {
        var reader = DigitReader(text)
        guard let date = reader.date(), reader.isAtEnd else { throw .malformed(text, expected: "2026-03-02") }
        guard Zones.exists(date) else { throw .impossible(text) }
        return date
    }

    /// `2026-03-02T09:00:00Z`, with 0 to 7 digits of fraction.
    package static func rfc3339(_ instant: Instant, fractionDigits: Int = 0) -> String {
        let fraction = ((instant.microseconds % 1_000_000) + 1_000_000) % 1_000_000
        let whole = Instant(microseconds: instant.microseconds - fraction)
        guard let wall = Zones.wallTime(of: whole, in: .utc) else { return "" }
        guard fractionDigits > 0 else { return "\(wall)Z" }
        let digits = String(repeating: "0", count: 6 - String(fraction).count) + String(fraction) + "0"
        return "\(wall).\(digits.prefix(fractionDigits))Z"
    }

    /// `+01:00` for sixty minutes ahead of UTC.
    package static func offset(_ minutes: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(minutes < 0 ? "-" : "+")\(two(abs(minutes) / 60)):\(two(abs(minutes) % 60))"
    }

    /// An offset from UTC in minutes, from `+01:00` or `Z`.
    package static func parseOffset(_ text: String) throws(TimeError) -> Int {
        var reader = DigitReader(text)
        guard let offset = reader.offset(), reader.isAtEnd else { throw .malformed(text, expected: "+01:00") }
        return offset
    }

    /// Graph's form of a wall time: `2017-04-15T11:00:00.0000000`.
    package static func graphWall(_ wall: WallTime) -> String { "\(wall).0000000" }
}

/// Reads fixed-width numbers off the front of a text.
private struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func date() -> CivilDate? {
        guard let year = number(4), skip("-"), let month = number(2), skip("-"), let day = number(2) else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    mutating func wallTime() -> (time: WallTime, microseconds: Int64)? {
        guard let date = date(), skip("T") || skip("t"), let hour = number(2), skip(":"), let minute = number(2),
            skip(":"), let second = number(2)
        else { return nil }
        var microseconds: Int64 = 0
        if skip(".") {
            var digits = 0
            while let digit = digit() {
                if digits < 6 { microseconds = microseconds * 10 + Int64(digit) }
                digits += 1
            }
            guard digits > 0 else { return nil }
            while digits < 6 {
                microseconds *= 10
                digits += 1
            }
        }
        return (WallTime(date: date, hour: hour, minute: minute, second: second), microseconds)
    }

    /// Minutes east of UTC.
    mutating func offset() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let sign: Int
        if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
        guard let hours = number(2), skip(":"), let minutes = number(2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }

    private mutating func number(_ width: Int) -> Int? {
        var value = 0
        for _ in 0..<width {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    private mutating func digit() -> Int? {
        guard let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        rest.removeFirst()
        return Int(byte - UInt8(ascii: "0"))
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }
}
