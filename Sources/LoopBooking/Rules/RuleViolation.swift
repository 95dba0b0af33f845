/// One rule that a request breaks.
package struct RuleViolation: Error, Hashable, Sendable, Codable {
    /// A stable name for programs, such as `too-long`.
    package var code: String
    /// The request's field, such as `start` or `attendees[2].address`.
    package var field: String
    /// What is wrong and what would be right, for people.
    package var message: String

    package init(code: String, field: String, message: String) {
        self.code = code
        self.field = field
        self.message = message
    }

    static func required(_ field: String, _ message: String) -> RuleViolation {
        RuleViolation(code: "required", field: field, message: message)
    }
}

/// The result of a check: a value, or everything that is wrong.
package enum Checked<Value: Sendable>: Sendable {
    case good(Value)
    case broken([RuleViolation])

    package init(_ value: Value) { self = .good(value) }
    package init(_ violations: [RuleViolation]) { self = .broken(violations) }

    package var value: Value? {
        if case .good(let value) = self { return value }
        return nil
    }

    package var violations: [RuleViolation] {
        if case .broken(let violations) = self { return violations }
        return []
    }
}
