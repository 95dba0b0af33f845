import Hummingbird
import Logging

extension LoopSim {
    /// Runs the server on its port for as long as `body` runs, and ends it then.
    ///
    /// - Parameter body: is given the base address, such as `http://127.0.0.1:41234`.
    package func whileServing<Value: Sendable>(
        logger: Logger, _ body: @escaping @Sendable (String) async throws -> Value
    ) async throws -> Value {
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        let application = buildApplication(logger: logger) { port in told.yield(port) }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await application.run()
                return nil
            }
            group.addTask { [options] in
                for await port in ports { return try await body("http://\(options.host):\(port)") }
                throw CancellationError()
            }
            defer { group.cancelAll() }
            // The server ends by itself only when it could not start: then its error is thrown here.
            while let finished = try await group.next() {
                if let value = finished { return value }
            }
            throw CancellationError()
        }
    }
}
