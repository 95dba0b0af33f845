import Foundation
import Testing

/// A Python program beside this file that says what others make of the same input. It runs in the Python environment of
/// the client tests, which `scripts/bootstrap` makes.
enum Referee {
    /// The program's answer, one JSON object a line.
    static func lines<Row: Decodable & Sendable>(_ program: String, _ arguments: String...) async throws -> [Row] {
        // Waiting blocks a thread; not one of the few that run all other tests.
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try answer(program, arguments) }) }
        }
    }

    private static func answer<Row: Decodable>(_ program: String, _ arguments: [String]) throws -> [Row] {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let root = here.deletingLastPathComponent().deletingLastPathComponent()
        let environment = ProcessInfo.processInfo.environment["LOOPSYNC_VENV"] ?? ".venv"
        let python = URL(fileURLWithPath: environment, relativeTo: root).appendingPathComponent("bin/python")
        try #require(
            FileManager.default.isExecutableFile(atPath: python.path),
            "The Python environment \(environment) is missing. Run scripts/bootstrap.")
        let process = Process()
        process.executableURL = python.absoluteURL
        process.arguments = [here.appendingPathComponent("Referee/\(program)").path] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(
            process.terminationStatus == 0,
            "\(program) failed; its message is above. If a package is missing, run scripts/bootstrap.")
        let decoder = JSONDecoder()
        return try data.split(separator: UInt8(ascii: "\n")).map { try decoder.decode(Row.self, from: Data($0)) }
    }
}
