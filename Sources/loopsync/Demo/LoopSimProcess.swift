import Foundation
import Synchronization

/// The stand-in vendors as a process of their own, as a person would start them.
final class LoopSimProcess: Sendable {
    let url: String
    private let process: Process

    private init(process: Process, url: String) {
        self.process = process
        self.url = url
    }

    /// Starts `loopsim` beside this program on any free port.
    static func start() async throws -> LoopSimProcess {
        let here = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        let own = Bundle.main.executableURL ?? here
        let program = own.deletingLastPathComponent().appendingPathComponent("loopsim")
        guard FileManager.default.isExecutableFile(atPath: program.path) else {
            throw CommandFailure(
                "demo.loopsim", "The program loopsim is not beside loopsync (\(program.path)).",
                remedy: "Build it: swift build --product loopsim.")
        }
        let process = Process()
        process.executableURL = program
        process.arguments = ["serve", "--port", "0"]
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        for try await line in output.fileHandleForReading.bytesByLine() {
            if let range = line.range(of: "listening on ") {
                return LoopSimProcess(process: process, url: String(line[range.upperBound...]))
            }
        }
        throw CommandFailure("demo.loopsim", "loopsim ended at once.", remedy: "Run `loopsim serve` to see why.")
    }

    /// Ends the process by its id, and waits until it is gone.
    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }
}

extension FileHandle {
    /// Lines as they come; ends when the writer closes. Reads on its own queue, so that no thread of the pool waits.
    fileprivate func bytesByLine() -> AsyncThrowingStream<String, any Error> {
        AsyncThrowingStream { continuation in
            let lines = LineSplitter { continuation.yield($0) }
            readabilityHandler = { handle in
                let data = handle.availableData
                if data.isEmpty {
                    handle.readabilityHandler = nil
                    continuation.finish()
                } else {
                    lines.add(data)
                }
            }
        }
    }
}

/// Cuts a stream of bytes into lines.
private final class LineSplitter: Sendable {
    private let rest = Mutex(Data())
    private let onLine: @Sendable (String) -> Void

    init(onLine: @escaping @Sendable (String) -> Void) { self.onLine = onLine }

    func add(_ data: Data) {
        let lines = rest.withLock { rest in
            rest += data
            var lines: [String] = []
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                lines.append(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
                rest = Data(rest[rest.index(after: end)...])
            }
            return lines
        }
        for line in lines { onLine(line) }
    }
}
