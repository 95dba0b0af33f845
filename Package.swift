// swift-tools-version: 6.2
import PackageDescription

// The module graph of docs/architecture.md: arrows point down only. Each heavy dependency (NIO's HTTP client,
// Hummingbird, GRDB, swift-crypto, jwt-kit, ICU, libical) is imported by as few modules as possible, so that the core
// stays pure and fast to build. Tests/ArchitectureTests checks the same table against the sources.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

enum External {
    static let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
    static let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
    static let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
    static let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
    static let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
    static let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
    static let jwtKit: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
    static let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
    static let inMemoryLogging: Target.Dependency = .product(name: "InMemoryLogging", package: "swift-log")
    static let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
    static let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
    static let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
    static let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
    static let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
    static let nioFoundationCompat: Target.Dependency = .product(name: "NIOFoundationCompat", package: "swift-nio")
    static let serviceLifecycle: Target.Dependency = .product(
        name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
    static let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
}

func module(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let package = Package(
    name: "loopbooking-sync",
    products: [
        .executable(name: "loopsync", targets: ["loopsync"]),
        .executable(name: "loopsim", targets: ["loopsim"]),
        .executable(name: "loopsync-simulate", targets: ["loopsync-simulate"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration.git", from: "1.4.0", traits: [.defaults, "YAML"]),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system.git", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit.git", from: "5.7.1"),
    ],
    targets: [
        // C libraries, from Debian's -dev packages (scripts/bootstrap installs them).
        .systemLibrary(name: "CLibICal", pkgConfig: "libical", providers: [.apt(["libical-dev"])]),
        .target(
            name: "CICUZones",
            linkerSettings: [.linkedLibrary("icui18n"), .linkedLibrary("icuuc")]),

        .target(name: "CMail", linkerSettings: [.linkedLibrary("curl")]),
        // Templates, words, styles and scripts of the portal, embedded (scripts/embed writes the table).
        .target(name: "CPortalFiles", exclude: ["Templates", "Words", "Static"]),

        // L0: values, time, text formats. No I/O.
        module("CalendarModel"),
        module("CalendarTime", ["CalendarModel", "CICUZones"]),
        module("ICalendar", ["CalendarModel", "CalendarTime", "CLibICal"]),

        // L1: decisions. Pure: time, ids and state are arguments.
        module("SyncEngine", ["CalendarModel", "CalendarTime", "ICalendar"]),
        module("LoopBooking", ["CalendarModel", "CalendarTime", "ICalendar"]),

        // L2: the edges.
        module(
            "HTTPTransport",
            [
                "CalendarModel", "CalendarTime", "SyncEngine", External.asyncHTTPClient, External.nioCore,
                External.nioHTTP1, External.nioPosix, External.nioFoundationCompat, External.logging,
            ]),
        module(
            "GraphConnector",
            ["CalendarModel", "CalendarTime", "ICalendar", "SyncEngine", "HTTPTransport", External.logging]),
        module("Vault", ["CalendarModel", External.crypto, External.cryptoExtras, External.jwtKit]),
        module("Mail", ["CalendarModel", "CalendarTime", "CMail", External.logging]),
        module("OpenID", ["CalendarModel", "HTTPTransport", "Vault", External.logging]),
        module("SQLStore", ["CalendarModel", "CalendarTime", "ICalendar", "SyncEngine", "LoopBooking"]),
        module("SQLiteDriver", ["SQLStore", External.grdb]),

        // L3: the running service.
        module("Telemetry", [External.logging, External.metrics]),
        module(
            "SyncService",
            [
                "CalendarModel", "CalendarTime", "ICalendar", "SyncEngine", "LoopBooking", "SQLStore",
                External.serviceLifecycle, External.logging, External.metrics,
            ]),
        module(
            "Portal",
            [
                "CalendarModel", "CalendarTime", "ICalendar", "SyncEngine", "LoopBooking", "SQLStore", "SyncService",
                "Vault", "CPortalFiles", External.hummingbird, External.mustache, External.httpTypes,
                External.logging, External.nioCore, External.serviceLifecycle,
            ]),

        // L4: programs.
        .executableTarget(
            name: "loopsync",
            dependencies: [
                "CalendarModel", "CalendarTime", "ICalendar", "SyncEngine", "LoopBooking", "HTTPTransport",
                "GraphConnector", "Vault", "Mail", "OpenID", "SQLStore", "SQLiteDriver", "Telemetry", "SyncService",
                "Portal", External.argumentParser,
                External.configuration, External.httpTypes, External.serviceLifecycle, External.unixSignals,
                External.logging, External.systemPackage,
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "loopsim",
            dependencies: [
                "StandIns", "Telemetry", External.argumentParser, External.hummingbird, External.serviceLifecycle,
                External.unixSignals, External.logging,
            ],
            swiftSettings: settings),

        .executableTarget(
            name: "loopsync-simulate",
            dependencies: ["CalendarModel", "SQLStore", "SQLiteDriver", "Simulation", External.argumentParser],
            swiftSettings: settings),

        // Side: never shipped in loopsync.
        module(
            "Simulation",
            [
                "CalendarModel", "CalendarTime", "ICalendar", "SyncEngine", "LoopBooking", "SQLStore", "SyncService",
                "TestSupport",
            ]),
        module(
            "StandIns",
            [
                "CalendarModel", "CalendarTime", "ICalendar", External.hummingbird, External.httpTypes,
                External.jwtKit, External.crypto, External.cryptoExtras, External.logging, External.nioCore,
                External.serviceLifecycle,
            ]),
        module(
            "TestSupport",
            [
                "CalendarModel", "CalendarTime", "ICalendar", "SyncEngine", "LoopBooking", "SQLStore",
                "HTTPTransport", External.hummingbird, External.httpTypes, External.logging, External.nioCore,
            ]),

        // Tests, one target beside each module.
        tests("ArchitectureTests"),
        tests("CalendarModelTests", ["CalendarModel", "TestSupport"]),
        tests("CalendarTimeTests", ["CalendarModel", "CalendarTime"]),
        // Referee: Python programs that say what others make of the same input.
        tests("ICalendarTests", ["CalendarModel", "CalendarTime", "ICalendar"], exclude: ["Referee"]),
        tests("SyncEngineTests", ["CalendarModel", "CalendarTime", "ICalendar", "SyncEngine", "TestSupport"]),
        tests("SimulationTests", ["CalendarModel", "SyncEngine", "SyncService", "Simulation", "TestSupport"]),
        tests("LoopBookingTests", ["CalendarModel", "CalendarTime", "ICalendar", "LoopBooking", "TestSupport"]),
        tests(
            "HTTPTransportTests",
            [
                "CalendarModel", "HTTPTransport", "SyncEngine", "TestSupport", External.hummingbird,
                External.httpTypes, External.logging, External.nioCore, External.nioPosix,
            ]),
        tests(
            "GraphConnectorTests",
            [
                "CalendarModel", "CalendarTime", "ICalendar", "SyncEngine", "GraphConnector", "HTTPTransport",
                "StandIns", "LoopBooking", "SQLStore", "SQLiteDriver", "SyncService",
                "Vault", "TestSupport", External.hummingbird, External.httpTypes, External.logging, External.nioCore,
                External.serviceLifecycle,
            ]),
        tests("MailTests", ["Mail", "CalendarModel", External.logging]),
        tests(
            "OpenIDTests",
            [
                "OpenID", "HTTPTransport", "Vault", "CalendarModel", "StandIns", "TestSupport", External.hummingbird,
                External.httpTypes, External.logging, External.nioCore, External.serviceLifecycle,
            ]),
        tests("VaultTests", ["Vault", "CalendarModel", External.crypto, External.cryptoExtras]),
        tests(
            "SQLStoreTests",
            [
                "CalendarModel", "CalendarTime", "ICalendar", "SyncEngine", "LoopBooking", "SQLStore", "SQLiteDriver",
                "TestSupport",
            ]),
        tests(
            "SyncServiceTests",
            [
                "CalendarModel", "CalendarTime", "ICalendar", "SyncEngine", "LoopBooking", "SQLStore", "SQLiteDriver",
                "SyncService", "TestSupport", External.logging,
            ]),
        tests(
            "PortalTests",
            [
                "CalendarModel", "CalendarTime", "SyncEngine", "LoopBooking", "SQLStore", "SQLiteDriver",
                "SyncService", "HTTPTransport", "GraphConnector", "OpenID", "Portal", "Vault", "StandIns",
                "TestSupport", External.hummingbird, External.hummingbirdTesting, External.httpTypes,
                External.logging,
                "SyncService", "Portal", "Vault", "TestSupport",
                // The set-up is tested against the stand-ins with the program's own composition.
                "loopsync", "StandIns", "GraphConnector", "HTTPTransport", External.hummingbird,
                External.hummingbirdTesting, External.httpTypes, External.logging,
            ]),
        tests(
            "StandInsTests",
            [
                "CalendarModel", "CalendarTime", "ICalendar", "StandIns", External.hummingbird,
                External.hummingbirdTesting, External.httpTypes, External.logging, External.crypto,
                External.cryptoExtras, External.nioCore,
            ]),
        tests("TelemetryTests", ["Telemetry", External.logging, External.metrics]),
    ]
)
