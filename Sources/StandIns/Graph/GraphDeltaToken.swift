import CalendarModel
import Foundation

/// What a delta link or next link carries: whose calendar, which window, and how far the client has come. Opaque to
/// clients.
struct GraphDeltaToken: Codable, Sendable {
    var mailbox: String
    var from: Int64
    var to: Int64
    /// Changes after this number are news; 0 for a first round.
    var since: Int
    var epoch: Int
    /// The calendar's number when the round began: what the next round starts from.
    var roundStart: Int
    var pageSize: Int
    /// The last entry that was given, within a round.
    var after: Position?

    struct Position: Codable, Sendable, Comparable {
        var sequence: Int
        var index: Int

        static func < (left: Position, right: Position) -> Bool {
            (left.sequence, left.index) < (right.sequence, right.index)
        }
    }

    var window: TimeSpan {
        TimeSpan(start: Instant(microseconds: from), end: Instant(microseconds: to))
    }

    var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let data = try? encoder.encode(self) else { return "" }
        return data.base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }

    static func read(_ text: String) -> GraphDeltaToken? {
        var base64 = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        while base64.count % 4 != 0 { base64 += "=" }
        guard let data = Data(base64Encoded: base64) else { return nil }
        return try? JSONDecoder().decode(GraphDeltaToken.self, from: data)
    }
}
