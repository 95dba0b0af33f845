import Foundation
import Logging
import Synchronization
import Telemetry
import Testing

@Suite("One log message is one line")
struct LineLogHandlerTests {
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private func log(_ body: (Logger) -> Void) -> [String] {
        let lines = Lines()
        let handler = LineLogHandler(now: { Date(timeIntervalSince1970: 1.5) }, write: { lines.add($0) })
        body(Logger(label: "test") { _ in handler })
        return lines.all
    }

    @Test("Time, level, message, then data in order of names")
    func shape() {
        let lines = log { $0.error("A pass failed", metadata: ["link": "oslo", "code": "x.y"]) }
        #expect(lines == ["1970-01-01T00:00:01.500Z error A pass failed code=x.y link=oslo\n"])
    }

    @Test("Values that could forge a line or a field are quoted and escaped")
    func quoted() {
        let lines = log { $0.error("m", metadata: ["a": "x\ny=\"z\"\u{1b}[0m\\"]) }
        #expect(lines.first?.hasSuffix("a=\"x\\ny=\\\"z\\\"\\u{1b}[0m\\\\\"\n") == true)
        #expect(lines.first?.filter(\.isNewline).count == 1)
    }

    @Test("Below its level nothing is written")
    func level() { #expect(log { $0.debug("quiet") }.isEmpty) }
}
