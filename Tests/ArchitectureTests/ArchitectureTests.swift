import Foundation
import Testing

@Suite("The module graph")
struct ArchitectureTests {
    private let tree: SourceTree

    init() throws { tree = try SourceTree() }

    /// Which of our own modules each one may import. Arrows point down only; siblings never import each other.
    static let modules: [String: Set<String>] = [
        "CalendarModel": [],
        "CICUZones": [],
        "CLibICal": [],
        "CMail": [],
        "CPortalFiles": [],
        "CalendarTime": ["CalendarModel", "CICUZones"],
        "ICalendar": ["CalendarModel", "CalendarTime", "CLibICal"],
        "SyncEngine": ["CalendarModel", "CalendarTime", "ICalendar"],
        "LoopBooking": ["CalendarModel", "CalendarTime", "ICalendar"],
        "HTTPTransport": ["CalendarModel", "CalendarTime", "SyncEngine"],
        "GraphConnector": ["CalendarModel", "CalendarTime", "ICalendar", "SyncEngine", "HTTPTransport"],
        "Vault": ["CalendarModel"],
        "Mail": ["CalendarModel", "CalendarTime", "CMail"],
        "OpenID": ["CalendarModel", "HTTPTransport", "Vault"],
        "SQLStore": ["CalendarModel", "CalendarTime", "ICalendar", "SyncEngine", "LoopBooking"],
        "SQLiteDriver": ["SQLStore"],
        "Telemetry": [],
        "SyncService": ["CalendarModel", "CalendarTime", "ICalendar", "SyncEngine", "LoopBooking", "SQLStore"],
        "Portal": [
            "CalendarModel", "CalendarTime", "ICalendar", "SyncEngine", "LoopBooking", "SQLStore", "SyncService",
            "Vault", "CPortalFiles",
        ],
        "loopsync": [
            "CalendarModel", "CalendarTime", "ICalendar", "SyncEngine", "LoopBooking", "HTTPTransport",
            "GraphConnector", "Vault", "Mail", "OpenID", "SQLStore", "SQLiteDriver", "Telemetry", "SyncService",
            "Portal",
        ],
        "loopsim": ["StandIns", "Telemetry"],
        "StandIns": ["CalendarModel", "CalendarTime", "ICalendar"],
        "TestSupport": [
            "CalendarModel", "CalendarTime", "ICalendar", "SyncEngine", "LoopBooking", "SQLStore", "HTTPTransport",
        ],
        "Simulation": [
            "CalendarModel", "CalendarTime", "ICalendar", "SyncEngine", "LoopBooking", "SQLStore", "SyncService",
            "TestSupport",
        ],
        "loopsync-simulate": ["CalendarModel", "SQLStore", "SQLiteDriver", "Simulation"],
    ]

    /// Heavy packages, each in as few modules as possible.
    static let packages: [String: Set<String>] = [
        "AsyncHTTPClient": ["HTTPTransport"],
        "NIOHTTP1": ["HTTPTransport"],
        "NIOPosix": ["HTTPTransport"],
        "NIOFoundationCompat": ["HTTPTransport"],
        "GRDB": ["SQLiteDriver"],
        "Hummingbird": ["Portal", "StandIns", "loopsim", "TestSupport"],
        "HummingbirdCore": [],
        "Mustache": ["Portal"],
        "JWTKit": ["Vault", "StandIns"],
        "Crypto": ["Vault", "StandIns"],
        "CryptoExtras": ["Vault", "StandIns"],
        "ArgumentParser": ["loopsync", "loopsim", "loopsync-simulate"],
        "Configuration": ["loopsync"],
        "FoundationNetworking": [],
        // The schema that the stand-in holds its answers against is XML.
        "FoundationXML": ["StandIns"],
        "FoundationEssentials": [],
    ]

    @Test("Every module is in the table")
    func complete() {
        #expect(Set(tree.files.map(\.module)).subtracting(Self.modules.keys) == [])
        #expect(tree.files.count > 100)
    }

    @Test("No module imports one of ours that is not below it")
    func ours() {
        for file in tree.files {
            let allowed = Self.modules[file.module] ?? []
            let wrong = file.imports.filter { Self.modules[$0] != nil && $0 != file.module && !allowed.contains($0) }
            #expect(wrong.isEmpty, "\(file.path) imports \(wrong.sorted())")
        }
    }

    @Test("The table has no cycle")
    func layered() {
        var left = Self.modules
        while let free = left.first(where: { $0.value.isDisjoint(with: left.keys) }) { left[free.key] = nil }
        #expect(left.keys.sorted() == [])
    }

    @Test("Heavy packages stay in their leaves")
    func theirs() {
        for file in tree.files {
            for name in file.imports {
                guard let allowed = Self.packages[name] else { continue }
                #expect(allowed.contains(file.module), "\(file.path) imports \(name)")
            }
        }
    }

    @Test("The core imports nothing but itself")
    func core() {
        let core: Set = ["CalendarModel", "CalendarTime", "ICalendar"]
        for file in tree.files where ["CalendarModel", "SyncEngine"].contains(file.module) {
            #expect(file.imports.isSubset(of: core), "\(file.path) imports \(file.imports.sorted())")
        }
    }

    @Test("Only CalendarTime asks Foundation about zones and dates")
    func zones() throws {
        let places = try tree.places(#"\b(TimeZone|DateFormatter|ISO8601DateFormatter|DateComponents|Calendar)\("#) {
            !["CalendarTime"].contains($0.module)
        }
        #expect(places == [])
    }
}

@Suite("House rules")
struct HouseRuleTests {
    private let tree: SourceTree

    init() throws { tree = try SourceTree() }

    @Test("SQL stands in SQLStore only")
    func sql() throws {
        let statement =
            #"("|^)\s*(SELECT .* FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE (UNIQUE )?(TABLE|INDEX|TRIGGER))\b"#
        #expect(try tree.places(statement) { $0.module != "SQLStore" } == [])
        #expect(try !tree.places(statement) { $0.module == "SQLStore" }.isEmpty)
    }

    @Test(
        "Library code does not print, trap, or look away from the compiler",
        arguments: [
            #"(^|[^.\w])print\("#, #"\btry!"#, #"\bfatalError\("#, #"@unchecked Sendable"#, #"nonisolated\(unsafe\)"#,
            #"\b(TODO|FIXME)\b"#,
        ])
    func forbidden(expression: String) throws {
        let programs: Set = ["loopsync", "loopsim", "loopsync-simulate"]
        let places = try tree.places(expression) { file in
            !(expression.contains("print") && programs.contains(file.module))
        }
        #expect(places == [])
    }

    @Test("Nothing sleeps but what is given a way to, and the programs that give it")
    func sleeping() throws {
        let programs: Set = ["loopsync", "loopsim", "loopsync-simulate"]
        #expect(try tree.places(#"\bTask\.sleep\("#) { !programs.contains($0.module) } == [])
    }

    @Test("A file is about one thing: at most 400 lines")
    func length() {
        for file in tree.files { #expect(file.lines.count <= 400, "\(file.path) has \(file.lines.count) lines") }
    }

    @Test("Every path on the map exists")
    func map() throws {
        let map = tree.root.appendingPathComponent("docs/map.md")
        guard let text = try? String(contentsOf: map, encoding: .utf8) else { return }
        let expression = try NSRegularExpression(pattern: "`((Sources|Tests|docs|scripts)/[^`*]+)`")
        let paths = expression.matches(in: text, range: NSRange(text.startIndex..., in: text))
            .compactMap { Range($0.range(at: 1), in: text).map { String(text[$0]) } }
        for path in paths {
            #expect(
                FileManager.default.fileExists(atPath: tree.root.appendingPathComponent(path).path), "\(path)")
        }
    }
}
