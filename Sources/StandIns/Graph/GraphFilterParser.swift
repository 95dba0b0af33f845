/// Reads OData's `$filter` by recursive descent.
struct GraphFilterParser {
    private enum Token: Equatable {
        case word(String)
        case text(String)
        case open, close, comma, colon
    }

    private var tokens: [Token] = []
    private var position = 0
    private let source: String

    init(_ source: String) {
        self.source = source
        tokens = Self.tokens(of: source)
    }

    mutating func filter() throws(GraphError) -> GraphFilter {
        let result = try disjunction()
        guard position == tokens.count else { throw unreadable() }
        return result
    }

    private mutating func disjunction() throws(GraphError) -> GraphFilter {
        var left = try conjunction()
        while acceptWord("or") { left = .or(left, try conjunction()) }
        return left
    }

    private mutating func conjunction() throws(GraphError) -> GraphFilter {
        var left = try negation()
        while acceptWord("and") { left = .and(left, try negation()) }
        return left
    }

    private mutating func negation() throws(GraphError) -> GraphFilter {
        if acceptWord("not") { return .not(try negation()) }
        return try primary()
    }

    private mutating func primary() throws(GraphError) -> GraphFilter {
        if accept(.open) {
            let inner = try disjunction()
            guard accept(.close) else { throw unreadable() }
            return inner
        }
        guard case .word(let word)? = next() else { throw unreadable() }
        let lower = word.lowercased()
        if ["contains", "startswith", "endswith"].contains(lower), accept(.open) {
            guard case .word(let path)? = next(), accept(.comma), case .text(let text)? = next(), accept(.close) else {
                throw unreadable()
            }
            return .function(lower, path: Self.path(path), text: text)
        }
        if lower.hasSuffix("/any"), accept(.open) {
            guard case .word(let variable)? = next(), accept(.colon) else { throw unreadable() }
            let inner = try disjunction()
            guard accept(.close) else { throw unreadable() }
            return .any(collection: String(word.dropLast(4)), variable: variable, inner)
        }
        guard case .word(let operation)? = next(),
            ["eq", "ne", "gt", "ge", "lt", "le"].contains(operation.lowercased()), let value = next()
        else { throw unreadable() }
        return .comparison(path: Self.path(word), operation: operation.lowercased(), value: try literal(value))
    }

    private func literal(_ token: Token) throws(GraphError) -> GraphJSON {
        switch token {
        case .text(let text): return .string(text)
        case .word(let word):
            switch word.lowercased() {
            case "true": return .bool(true)
            case "false": return .bool(false)
            case "null": return .null
            default: return Int(word).map { .int($0) } ?? .string(word)
            }
        default: throw unreadable()
        }
    }

    private mutating func next() -> Token? {
        guard position < tokens.count else { return nil }
        position += 1
        return tokens[position - 1]
    }

    private mutating func accept(_ token: Token) -> Bool {
        guard position < tokens.count, tokens[position] == token else { return false }
        position += 1
        return true
    }

    private mutating func acceptWord(_ word: String) -> Bool {
        guard position < tokens.count, case .word(let found) = tokens[position], found.lowercased() == word else {
            return false
        }
        position += 1
        return true
    }

    private func unreadable() -> GraphError {
        .unreadableQuery("Syntax error in $filter: '\(source)'.")
    }

    private static func path(_ word: String) -> [String] { word.split(separator: "/").map(String.init) }

    private static func tokens(of source: String) -> [Token] {
        var tokens: [Token] = []
        var rest = source[...]
        while let first = rest.first {
            switch first {
            case "(": tokens.append(.open); rest.removeFirst()
            case ")": tokens.append(.close); rest.removeFirst()
            case ",": tokens.append(.comma); rest.removeFirst()
            case "'":
                rest.removeFirst()
                var text = ""
                while let character = rest.popFirst() {
                    if character == "'" {
                        // A doubled quote stands for one.
                        guard rest.first == "'" else { break }
                        rest.removeFirst()
                    }
                    text.append(character)
                }
                tokens.append(.text(text))
            case let space where space.isWhitespace: rest.removeFirst()
            default:
                var word = ""
                while let character = rest.first, !character.isWhitespace, !"(),'".contains(character) {
                    // A colon ends a lambda's variable, but belongs to a time.
                    if character == ":", word.allSatisfy(\.isLetter) { break }
                    word.append(character)
                    rest.removeFirst()
                }
                if word.isEmpty {
                    if rest.first == ":" { tokens.append(.colon); rest.removeFirst() }
                } else {
                    tokens.append(.word(word))
                }
            }
        }
        return tokens
    }
}
