import Foundation

/// Values that are kept as JSON text in one column.
package enum StoredJSON {
    package static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// - Throws: ``SQLError/unexpectedValue(column:)`` without the text, which may hold what people wrote.
    package static func value<Value: Decodable>(_ type: Value.Type, from text: String, column: String) throws -> Value {
        do { return try JSONDecoder().decode(type, from: Data(text.utf8)) } catch {
            throw SQLError.unexpectedValue(column: column)
        }
    }
}
