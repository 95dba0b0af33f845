import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// An HTTP server on a free port of the loopback that answers from a script and remembers what it was asked.
package final class ScriptedServer: Sendable {
    package struct Asked: Sendable {
        package let method: String
        /// Path and query as they came.
        package let target: String
        package let headers: [String: String]
        package let body: String
    }

    package struct Answer: Sendable {
        package var status: Int
        package var headers: [String: String]
        package var body: String

        package init(status: Int = 200, headers: [String: String] = [:], body: String = "") {
            self.status = status
            self.headers = headers
            self.body = body
        }
    }

    package let url: String
    private let log: Log

    private final class Log: Sendable {
        let asked = Mutex<[Asked]>([])
    }

    private init(port: Int, log: Log) {
        url = "http://127.0.0.1:\(port)"
        self.log = log
    }

    package var asked: [Asked] { log.asked.withLock { $0 } }

    @discardableResult package static func run<Value: Sendable>(
        _ script: @escaping @Sendable (Asked) async -> Answer,
        _ body: @Sendable @escaping (ScriptedServer) async throws -> Value
    ) async throws -> Value {
        let log = Log()
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            responder: CallbackResponder { (request: Request, _: BasicRequestContext) in
                let bytes = try await request.body.collect(upTo: 8 << 20)
                var headers: [String: String] = [:]
                for field in request.headers { headers[field.name.canonicalName] = field.value }
                let asked = Asked(
                    method: request.method.rawValue, target: request.uri.string, headers: headers,
                    body: String(buffer: bytes))
                log.asked.withLock { $0.append(asked) }
                let answer = await script(asked)
                var fields = HTTPFields()
                for (name, value) in answer.headers {
                    if let name = HTTPField.Name(name) { fields[name] = value }
                }
                return Response(
                    status: HTTPResponse.Status(code: answer.status), headers: fields,
                    body: ResponseBody(byteBuffer: ByteBuffer(string: answer.body)))
            },
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                if let number = channel.localAddress?.port { port.yield(number) }
                port.finish()
            },
            logger: Logger(label: "scripted", factory: { _ in SwiftLogNoOpLogHandler() }))
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try? await application.runService(gracefulShutdownSignals: [])
                return nil
            }
            group.addTask {
                for await number in ports { return try await body(ScriptedServer(port: number, log: log)) }
                return nil
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw ServerNotRunning()
        }
    }

    package struct ServerNotRunning: Error {}
}
