import Foundation

/// The product's sources, as text.
struct SourceTree {
    struct File: Sendable {
        /// `SyncEngine/Planning/Plan.swift`
        var path: String
        var lines: [String]

        var module: String { String(path.prefix { $0 != "/" }) }
        var imports: Set<String> {
            Set(
                lines.compactMap { line in
                    let words = line.split(separator: " ")
                    guard let place = words.firstIndex(of: "import"), words.prefix(place).allSatisfy(Self.qualifies)
                    else {
                        return nil
                    }
                    // `import struct Foundation.Date` imports Foundation.
                    return words.last.map { String($0.prefix { $0 != "." }) }
                })
        }

        private static func qualifies(_ word: Substring) -> Bool {
            word.hasPrefix("@") || ["public", "package", "internal", "private"].contains(word)
        }

        /// The lines with something in them, without comments.
        var code: [(number: Int, text: String)] {
            lines.enumerated().compactMap { index, line in
                let text = line.trimmingCharacters(in: .whitespaces)
                return text.isEmpty || text.hasPrefix("//") ? nil : (index + 1, text)
            }
        }
    }

    let root: URL
    let files: [File]

    init() throws {
        // Tests/ArchitectureTests/SourceTree.swift
        root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let sources = root.appendingPathComponent("Sources").path
        let paths = try FileManager.default.subpathsOfDirectory(atPath: sources).sorted()
        files = try paths.filter { $0.hasSuffix(".swift") }.map { path in
            let text = try String(contentsOfFile: sources + "/" + path, encoding: .utf8)
            return File(
                path: path, lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
        }
    }

    /// Places where a line of code fits the expression, as `path:line`.
    func places(_ expression: String, where isWanted: (File) -> Bool) throws -> [String] {
        let expression = try NSRegularExpression(pattern: expression)
        return files.filter(isWanted).flatMap { file in
            file.code.filter { _, text in
                expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
            }.map { "\(file.path):\($0.number)" }
        }
    }
}
