import Foundation
import HTTPTransport
import Logging
import TestSupport
import Testing

@Suite("Requests and replies over real connections", .timeLimit(.minutes(1))) struct TransportTests {
    private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    private func send(
        _ call: HTTPCall, settings: HTTPTransport.Settings = HTTPTransport.Settings()
    ) async throws -> HTTPReply {
        try await HTTPTransport.withTransport(settings: settings, logger: logger) { try await $0.send(call) }
    }

    @Test func `Method, headers and body arrive, and the reply comes back`() async throws {
        try await ScriptedServer.run({ asked in
            .init(status: 201, headers: ["X-Answer": "yes"], body: "\(asked.method) \(asked.target) \(asked.body)")
        }) { server in
            let reply = try await send(
                HTTPCall(.patch, "\(server.url)/a?b=c%20d", headers: ["X-Ask": "1"], body: Data("hello".utf8)))
            #expect(reply.status == 201)
            #expect(reply.headers["x-answer"] == "yes")
            #expect(String(decoding: reply.body, as: UTF8.self) == "PATCH /a?b=c%20d hello")
            #expect(server.asked.first?.headers["x-ask"] == "1")
            #expect(server.asked.first?.headers["user-agent"] == "LoopBookingSync/1")
        }
    }

    @Test(arguments: [302, 404, 500])
    func `Every status is a reply, and redirects are not followed`(_ status: Int) async throws {
        try await ScriptedServer.run({ _ in .init(status: status, headers: ["Location": "/elsewhere"]) }) { server in
            let reply = try await send(HTTPCall(.get, server.url))
            #expect(reply.status == status)
            #expect(server.asked.count == 1)
        }
    }

    @Test func `A refused connection certainly did nothing`() async throws {
        // A port that was just free.
        let url = try await CuttingServer.run { $0 }
        let error = await #expect(throws: TransportError.self) { try await send(HTTPCall(.post, url)) }
        guard case .cannotConnect = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.mayHaveTakenEffect == false)
    }

    @Test func `An unknown host certainly did nothing`() async {
        let error = await #expect(throws: TransportError.self) {
            try await send(HTTPCall(.post, "http://no-such-host.invalid/"))
        }
        #expect(error?.mayHaveTakenEffect == false)
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart"])
    func `A connection cut after sending leaves the effect unknown`(_ text: String) async throws {
        try await CuttingServer.run(sending: text) { url in
            let error = await #expect(throws: TransportError.self) { try await send(HTTPCall(.post, url)) }
            guard case .connectionLost = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(error?.mayHaveTakenEffect == true)
        }
    }

    @Test func `A reply that does not come in time leaves the effect unknown`() async throws {
        try await ScriptedServer.run({ _ in
            // Longer than the test waits; ends with the server.
            try? await Task.sleep(for: .seconds(30))
            return .init()
        }) { server in
            await #expect(throws: TransportError.timedOut) {
                try await send(HTTPCall(.post, server.url, timeout: .milliseconds(200)))
            }
        }
    }

    @Test func `A reply beyond the limit is refused`() async throws {
        var settings = HTTPTransport.Settings()
        settings.replyLimit = 1000
        try await ScriptedServer.run({ _ in .init(body: String(repeating: "x", count: 1001)) }) { [settings] server in
            await #expect(throws: TransportError.replyTooLarge(limit: 1000)) {
                try await send(HTTPCall(.get, server.url), settings: settings)
            }
        }
    }

    @Test func `A cancelled call says so`() async throws {
        try await ScriptedServer.run({ _ in
            try? await Task.sleep(for: .seconds(30))
            return .init()
        }) { server in
            let task = Task { try await send(HTTPCall(.get, server.url)) }
            while server.asked.isEmpty { await Task.yield() }
            task.cancel()
            await #expect(throws: TransportError.cancelled) { try await task.value }
        }
    }

    @Test(arguments: ["", "nonsense", "http://"])
    func `Text that is no URL cannot be sent`(_ url: String) async {
        let error = await #expect(throws: TransportError.self) { try await send(HTTPCall(.get, url)) }
        guard case .invalidCall = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `Secrets do not show in descriptions`() {
        let headers: HTTPHeaders = ["Authorization": "Bearer secret-1", "Cookie": "secret-2", "Accept": "text/plain"]
        #expect(!"\(headers)".contains("secret"))
        #expect("\(headers)".contains("text/plain"))
        let call = HTTPCall(
            .post, "https://host.example/users/anna?$filter=secret-3", headers: headers, body: Data("secret-4".utf8))
        #expect(!"\(call) \(String(reflecting: call))".contains("secret"))
        #expect("\(call)" == "POST host.example")
    }
}
