/// One row of a result, read by column name.
package struct SQLRow: Sendable {
    private let columns: [String: SQLValue]

    package init(_ columns: [String: SQLValue]) { self.columns = columns }

    package func text(_ column: String) throws -> String {
        guard let value = try optionalText(column) else { throw SQLError.unexpectedValue(column: column) }
        return value
    }

    package func optionalText(_ column: String) throws -> String? {
        switch columns[column] {
        case .text(let value): value
        case .null: nil
        default: throw SQLError.unexpectedValue(column: column)
        }
    }

    package func integer(_ column: String) throws -> Int64 {
        guard let value = try optionalInteger(column) else { throw SQLError.unexpectedValue(column: column) }
        return value
    }

    package func optionalInteger(_ column: String) throws -> Int64? {
        switch columns[column] {
        case .integer(let value): value
        case .null: nil
        default: throw SQLError.unexpectedValue(column: column)
        }
    }

    package func bool(_ column: String) throws -> Bool { try integer(column) != 0 }

    package func blob(_ column: String) throws -> [UInt8] {
        guard case .blob(let value) = columns[column] else { throw SQLError.unexpectedValue(column: column) }
        return value
    }
}

extension SQLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(nilLiteral: ()) { self = .null }

    package static func optional(_ value: String?) -> SQLValue { value.map(SQLValue.text) ?? .null }
    package static func optional(_ value: Int64?) -> SQLValue { value.map(SQLValue.integer) ?? .null }
    package static func bool(_ value: Bool) -> SQLValue { .integer(value ? 1 : 0) }
}
