import Foundation

/// Every request to Graph and its reply as one line of JSON in a file. Access tokens are left out.
package actor WireLog {
    private let file: FileHandle

    /// Makes the file, or empties the one there.
    package init(path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw LoopSimError.unwritable(path) }
        self.file = file
    }

    func write(_ line: JSONDocument) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try file.write(contentsOf: try encoder.encode(line) + Data("\n".utf8))
    }
}
