import CalendarModel
import SyncEngine

/// A mapping as a table to edit elsewhere: `room,resource,writing,clash,divergence,content`. Read as spreadsheets write it: with
/// a byte-order mark or without, with commas, semicolons or tabs, with any line ends, with quotes where they are needed.
package enum MappingCSV {
    package struct Row: Hashable, Sendable {
        /// The line on which the row begins, from 1.
        package var line: Int
        package var room: String
        package var resource: String
        package var policy: LinkPolicy
    }

    /// What is wrong with one line.
    package struct Fault: Error, Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            case unclosedQuote, textAfterQuote
            case headerMissing(String)
            case unknownColumn(String)
            case columnTwice(String)
            case tooManyCells(Int)
            case roomMissing, resourceMissing
            case unknownWord(column: String, word: String, known: [String])
            /// Found when rooms and resources are looked up.
            case unknownRoom(String)
            case unknownResource(String)
            case ambiguousResource(String)
            case roomTwice(String, line: Int)
            case resourceTwice(String, line: Int)
            case tooManyRows(Int)
        }

        package var line: Int
        package var kind: Kind

        package init(line: Int, _ kind: Kind) {
            self.line = line
            self.kind = kind
        }
    }

    package struct Faults: Error, Hashable, Sendable {
        package var faults: [Fault]

        package init(_ faults: [Fault]) { self.faults = faults }
    }

    package static let columns = ["room", "resource", "writing", "clash", "divergence", "content"]
    package static let mostRows = 5000

    // MARK: Writing

    package static func write(_ rows: [(room: String, resource: String, policy: LinkPolicy?)]) -> String {
        var lines = [columns.joined(separator: ",")]
        for row in rows {
            let policy = row.policy.map {
                [$0.writing.rawValue, $0.clash.rawValue, $0.divergence.rawValue, $0.content.rawValue]
            }
            lines.append(
                ([row.room, row.resource] + (policy ?? ["", "", "", ""])).map(quoted).joined(separator: ","))
        }
        return lines.map { $0 + "\r\n" }.joined()
    }

    /// A spreadsheet takes a cell that begins so for a formula; an apostrophe says that it is text.
    private static let formulaSigns: Set<Character> = ["=", "+", "-", "@", "\t", "\r"]

    private static func quoted(_ cell: String) -> String {
        let text = cell.first.map(formulaSigns.contains) == true ? "'" + cell : cell
        let needsQuotes = text.unicodeScalars.contains { ",;\"\r\n\t".unicodeScalars.contains($0) }
        return needsQuotes
            ? "\"\(text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\"" : text
    }

    // MARK: Reading

    /// - Parameter base: the policy where a cell is empty or a column is missing.
    /// - Throws: all ``Faults`` at once.
    package static func read(_ text: String, base: LinkPolicy = LinkPolicy()) throws(Faults) -> [Row] {
        let (rows, faults) = try table(text, base: base)
        guard faults.isEmpty else { throw Faults(faults) }
        return rows
    }

    /// The rows with what is wrong with them, so that it can be told together with what is found out later.
    /// - Throws: ``Faults`` where the text is no such table.
    static func table(
        _ text: String, base: LinkPolicy = LinkPolicy()
    ) throws(Faults) -> (rows: [Row], faults: [Fault]) {
        let lines: [(line: Int, cells: [String])]
        do throws(Fault) { lines = try CSVLines.read(text) } catch { throw Faults([error]) }
        guard let header = lines.first else { throw Faults([Fault(line: 1, .headerMissing("room"))]) }
        var faults: [Fault] = []
        var places: [String: Int] = [:]
        for (index, cell) in header.cells.enumerated() {
            let name = canonicalLine(cell).lowercased()
            if name.isEmpty { continue }
            if !columns.contains(name) {
                faults.append(Fault(line: header.line, .unknownColumn(String(cell.prefix(40)))))
            } else if places.updateValue(index, forKey: name) != nil {
                faults.append(Fault(line: header.line, .columnTwice(name)))
            }
        }
        for name in ["room", "resource"] where places[name] == nil {
            faults.append(Fault(line: header.line, .headerMissing(name)))
        }
        guard faults.isEmpty else { throw Faults(faults) }
        let body = lines.dropFirst().filter { $0.cells.contains { !canonicalLine($0).isEmpty } }
        guard body.count <= mostRows else { throw Faults([Fault(line: mostRows + 2, .tooManyRows(mostRows))]) }
        var rows: [Row] = []
        for (line, cells) in body {
            var reader = RowReader(line: line, cells: cells, places: places)
            if cells.count > header.cells.count { reader.faults.append(Fault(line: line, .tooManyCells(cells.count))) }
            let row = reader.row(base: base)
            faults += reader.faults
            rows.append(row)
        }
        return (rows, faults)
    }

    private struct RowReader {
        let line: Int
        let cells: [String]
        let places: [String: Int]
        var faults: [Fault] = []

        mutating func row(base: LinkPolicy) -> Row {
            var policy = base
            policy.writing = word("writing", WritingMode.self) ?? base.writing
            policy.clash = word("clash", LinkPolicy.Clash.self) ?? base.clash
            policy.divergence = word("divergence", LinkPolicy.Divergence.self) ?? base.divergence
            policy.content = word("content", LinkPolicy.Content.self) ?? base.content
            let room = cell("room")
            let resource = cell("resource")
            if room.isEmpty { faults.append(Fault(line: line, .roomMissing)) }
            if resource.isEmpty { faults.append(Fault(line: line, .resourceMissing)) }
            return Row(line: line, room: room, resource: resource, policy: policy)
        }

        private func cell(_ column: String) -> String {
            guard let place = places[column], place < cells.count else { return "" }
            let text = canonicalLine(cells[place])
            // As it was written against formulas.
            let second = text.dropFirst().first
            return text.first == "'" && second.map(MappingCSV.formulaSigns.contains) == true
                ? String(text.dropFirst()) : text
        }

        private mutating func word<Word: RawRepresentable & CaseIterable>(_ column: String, _ type: Word.Type) -> Word?
        where Word.RawValue == String {
            let text = cell(column)
            if text.isEmpty { return nil }
            if let word = Word.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) { return word }
            let known = Word.allCases.map(\.rawValue)
            faults.append(
                Fault(line: line, .unknownWord(column: column, word: String(text.prefix(40)), known: known)))
            return nil
        }
    }
}

/// Cells out of text (RFC 4180, as spreadsheets understand it).
enum CSVLines {
    static func read(_ text: String) throws(MappingCSV.Fault) -> [(line: Int, cells: [String])] {
        // Scalars: "\r\n" is one Character.
        var scalars = Array(text.unicodeScalars)
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        let separator = separator(of: scalars)
        var result: [(line: Int, cells: [String])] = []
        var cells: [String] = []
        var cell = String.UnicodeScalarView()
        var (line, begin) = (1, 1)
        var (isQuoted, wasQuoted) = (false, false)
        var quoteLine = 1
        var index = 0
        func isLineEnd(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }
        while index < scalars.count {
            let scalar = scalars[index]
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            index += 1
            if isQuoted {
                if scalar == "\"", next == "\"" {
                    cell.append("\"")
                    index += 1
                } else if scalar == "\"" {
                    isQuoted = false
                    wasQuoted = true
                } else {
                    if scalar == "\n" || (scalar == "\r" && next != "\n") { line += 1 }
                    cell.append(scalar)
                }
                continue
            }
            if scalar == separator {
                cells.append(String(cell))
                (cell, wasQuoted) = (String.UnicodeScalarView(), false)
            } else if isLineEnd(scalar) {
                if scalar == "\r", next == "\n" { index += 1 }
                cells.append(String(cell))
                result.append((begin, cells))
                (cells, cell, wasQuoted) = ([], String.UnicodeScalarView(), false)
                line += 1
                begin = line
            } else if scalar == "\"", cell.allSatisfy({ $0 == " " }), !wasQuoted {
                cell = String.UnicodeScalarView()
                isQuoted = true
                quoteLine = line
            } else if wasQuoted {
                guard scalar == " " else { throw MappingCSV.Fault(line: line, .textAfterQuote) }
            } else {
                cell.append(scalar)
            }
        }
        if isQuoted { throw MappingCSV.Fault(line: quoteLine, .unclosedQuote) }
        if !cell.isEmpty || wasQuoted || !cells.isEmpty { result.append((begin, cells + [String(cell)])) }
        // Empty lines before the header.
        return Array(result.drop { $0.cells.allSatisfy { canonicalLine($0).isEmpty } })
    }

    /// What parts the cells of the first line that has any.
    private static func separator(of scalars: [Unicode.Scalar]) -> Unicode.Scalar {
        let begin = scalars.drop { $0 == "\n" || $0 == "\r" }
        let first = begin.prefix { $0 != "\n" && $0 != "\r" }
        let counts = [",", ";", "\t"].map { (candidate: Unicode.Scalar) in
            (candidate, first.count { $0 == candidate })
        }
        return counts.max { $0.1 < $1.1 }.flatMap { $0.1 > 0 ? $0.0 : nil } ?? ","
    }
}
