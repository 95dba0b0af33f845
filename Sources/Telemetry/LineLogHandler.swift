import Foundation
import Logging

/// Logs one line a message: time, level, static message, then the data as `key=value`. Values are quoted where they hold
/// anything but plain characters, so that one message is always one line.
package struct LineLogHandler: LogHandler {
    package var logLevel: Logger.Level = .notice
    package var metadata: Logger.Metadata = [:]
    private let write: @Sendable (String) -> Void
    private let now: @Sendable () -> Date

    package init(now: @escaping @Sendable () -> Date = { Date() }, write: @escaping @Sendable (String) -> Void) {
        self.now = now
        self.write = write
    }

    /// To standard error.
    package static var standardError: LineLogHandler {
        LineLogHandler { line in try? FileHandle.standardError.write(contentsOf: Data(line.utf8)) }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let data = metadata.merging(event.metadata ?? [:]) { $1 }
        let fields = data.sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.quoted($0.value.description))" }
        let time = now().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        write("\(time) \(event.level.rawValue) \(event.message)\(fields.joined())\n")
    }

    private static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7f && $0 != "\"" && $0 != "=" }
        return isPlain ? text : "\"" + text.unicodeScalars.map(escaped).joined() + "\""
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\"": "\\\""
        case "\\": "\\\\"
        default:
            scalar.value < 0x20 || scalar.value == 0x7f ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
        }
    }
}
