import CalendarModel
import CalendarTime

/// OData's `$filter`, as far as Graph supports it on events: comparisons, `and`, `or`, `not`, `contains`, `startswith`,
/// `endswith`, and `any` over extended properties.
indirect enum GraphFilter: Sendable {
    case and(GraphFilter, GraphFilter)
    case or(GraphFilter, GraphFilter)
    case not(GraphFilter)
    case comparison(path: [String], operation: String, value: GraphJSON)
    case function(String, path: [String], text: String)
    /// `singleValueExtendedProperties/any(ep: …)`
    case any(collection: String, variable: String, GraphFilter)

    /// Reads a filter; throws the 400 that Graph answers for one it cannot read.
    init(_ text: String) throws(GraphError) {
        var parser = GraphFilterParser(text)
        self = try parser.filter()
    }

    /// Whether an event as JSON (with its times in UTC and its extended properties) matches.
    func matches(_ value: GraphJSON, variable: String? = nil) -> Bool {
        switch self {
        case .and(let left, let right):
            return left.matches(value, variable: variable) && right.matches(value, variable: variable)
        case .or(let left, let right):
            return left.matches(value, variable: variable) || right.matches(value, variable: variable)
        case .not(let inner): return !inner.matches(value, variable: variable)
        case .any(let collection, let name, let inner):
            return value.member(collection)?.array?.contains { inner.matches($0, variable: name) } ?? false
        case .function(let name, let path, let text):
            guard let found = Self.value(at: path, in: value, variable: variable)?.string?.lowercased() else {
                return false
            }
            let wanted = text.lowercased()
            switch name {
            case "contains": return found.contains(wanted)
            case "startswith": return found.hasPrefix(wanted)
            default: return found.hasSuffix(wanted)
            }
        case .comparison(let path, let operation, let wanted):
            let found = Self.value(at: path, in: value, variable: variable) ?? .null
            // Property ids are compared exactly, as Exchange does with their names; everything else without case.
            return Self.compare(found, wanted, operation, exactly: variable != nil && path.last == "id")
        }
    }

    /// The paths that are compared, to refuse those that do not exist.
    var paths: [[String]] {
        switch self {
        case .and(let left, let right), .or(let left, let right): left.paths + right.paths
        case .not(let inner): inner.paths
        case .any(let collection, _, _): [[collection]]
        case .function(_, let path, _): [path]
        case .comparison(let path, _, _): [path]
        }
    }

    private static func value(at path: [String], in value: GraphJSON, variable: String?) -> GraphJSON? {
        var steps = path[...]
        if let variable, steps.first == variable { steps = steps.dropFirst() }
        var current: GraphJSON? = value
        for step in steps { current = current?.member(step) }
        return current
    }

    private static func compare(_ found: GraphJSON, _ wanted: GraphJSON, _ operation: String, exactly: Bool) -> Bool {
        let order: Int?
        switch (found, wanted) {
        case (.int(let left), .int(let right)): order = left < right ? -1 : (left == right ? 0 : 1)
        case (.bool(let left), .bool(let right)): order = left == right ? 0 : 1
        case (.null, .null): order = 0
        case (.string(let left), .string(let right)):
            if let leftTime = time(left), let rightTime = time(right) {
                order = leftTime < rightTime ? -1 : (leftTime == rightTime ? 0 : 1)
            } else {
                let (one, other) =
                    exactly
                    ? (GraphExtendedProperty.normalized(left) ?? left, GraphExtendedProperty.normalized(right) ?? right)
                    : (left.lowercased(), right.lowercased())
                order = one < other ? -1 : (one == other ? 0 : 1)
            }
        default: order = nil
        }
        guard let order else { return operation == "ne" }
        switch operation {
        case "eq": return order == 0
        case "ne": return order != 0
        case "gt": return order > 0
        case "ge": return order >= 0
        case "lt": return order < 0
        default: return order <= 0
        }
    }

    /// An instant, or a wall time in UTC, as filters on `start/dateTime` compare them.
    private static func time(_ text: String) -> Instant? {
        guard text.count >= 10, text.first?.isNumber == true else { return nil }
        if let instant = try? Timestamps.parseRFC3339(text) { return instant }
        if let wall = try? Timestamps.parseWall(text) { return Zones.instant(of: wall, in: .utc) }
        if let date = try? Timestamps.parseDate(text) {
            return Zones.instant(of: WallTime(date: date, hour: 0, minute: 0), in: .utc)
        }
        return nil
    }
}

extension GraphJSON {
    /// A member by name without case.
    func member(_ name: String) -> GraphJSON? {
        guard case .object(let members) = self else { return nil }
        if let exact = members[name] { return exact }
        let wanted = name.lowercased()
        return members.first { $0.key.lowercased() == wanted }?.value
    }
}
