import Foundation

/// Where commands write: answers to standard output, everything else to standard error.
enum Terminal {
    static func write(_ text: String) { put(text + "\n", to: .standardOutput) }
    static func complain(_ text: String) { put(text + "\n", to: .standardError) }

    /// Progress of long work; not part of the answer.
    static func progress(_ text: String) { complain(text) }

    static func writeJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        write(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    private static func put(_ text: String, to handle: FileHandle) {
        // A reader that went away (a closed pipe) is no reason to crash.
        try? handle.write(contentsOf: Data(text.utf8))
    }
}

/// Columns for people.
struct TextTable {
    private let header: [String]
    private var rows: [[String]] = []

    init(_ header: String...) { self.header = header }

    mutating func add(_ cells: String...) { rows.append(cells) }

    var text: String {
        guard !rows.isEmpty else { return header.joined(separator: "  ") }
        let widths = header.indices.map { column in
            ([header] + rows).map { $0[column].count }.max() ?? 0
        }
        return ([header] + rows).map { row in
            row.enumerated().map { index, cell in
                index == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
