import CalendarTime
import Foundation

/// What the series of a window looked like at the last reading, so that those that look the same are not read again:
/// eight bytes a series, inside the cursor.
struct SeriesDigests: Hashable, Sendable {
    private(set) var digests: Set<UInt64> = []

    private static let mark = "series1:"

    init() {}

    /// From a cursor's value; empty when it holds none.
    init(cursor: String) {
        guard cursor.hasPrefix(Self.mark), let data = Data(base64Encoded: String(cursor.dropFirst(Self.mark.count)))
        else { return }
        let bytes = [UInt8](data)
        for start in stride(from: 0, to: bytes.count - 7, by: 8) {
            digests.insert(bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) })
        }
    }

    var cursor: String { Self.mark + Data(digests.sorted().flatMap(ShortHash.bytes)).base64EncodedString() }

    func contains(_ digest: UInt64) -> Bool { digests.contains(digest) }
    mutating func insert(_ digest: UInt64) { digests.insert(digest) }

    /// What one series looks like: its occurrences' ids, versions and times. Occurrences that are as the rule puts them
    /// share their master's version.
    static func digest(of master: String, _ occurrences: [GraphEvent]) -> UInt64 {
        let lines = occurrences.map { item in
            [item.id, item.etag ?? item.changeKey ?? "", item.start?.dateTime ?? "", item.end?.dateTime ?? ""]
                .joined(separator: " ")
        }
        return ShortHash.of(([master] + lines.sorted()).joined(separator: "\n"))
    }
}
