import CalendarModel
import SyncEngine
import TestSupport
import Testing

@testable import SyncService

@Suite("The mapping as a table")
struct MappingCSVTests {
    private func faults(_ text: String) -> [MappingCSV.Fault] {
        do throws(MappingCSV.Faults) {
            _ = try MappingCSV.read(text)
            return []
        } catch { return error.faults }
    }

    @Test(
        "What was written is read back",
        arguments: ["Oslo", "Oslo, \"Big\"", "=SUM(A1)", "-1", "two\twords", "møte;rom", "'x"])
    func roundTrip(name: String) throws {
        var policy = LinkPolicy()
        policy.content = .busyOnly
        let text = MappingCSV.write([(name, "oslo-ext@a.example", policy)])
        let rows = try MappingCSV.read(text)
        #expect(rows.count == 1)
        #expect(rows[0].room == canonicalLine(name))
        #expect(rows[0].policy == policy)
    }

    @Test("A cell never begins a formula")
    func formulas() {
        for sign in ["=", "+", "-", "@"] {
            let text = MappingCSV.write([("\(sign)1+1", "r@a.example", nil)])
            #expect(text.contains("\r\n'\(sign)1+1,"))
        }
    }

    @Test(
        "As spreadsheets write it",
        arguments: [
            "room,resource\nOslo,o@a.example\n", "\u{FEFF}room;resource\r\nOslo;o@a.example\r\n",
            "Room\tResource\rOslo\to@a.example", "\"room\",\"resource\"\n\"Oslo\", \"o@a.example\" \n\n",
            "\n\nresource,room\no@a.example,Oslo", "room,resource,\nOslo,o@a.example,\n,,\n",
        ])
    func dialects(text: String) throws {
        let rows = try MappingCSV.read(text)
        #expect(rows.map(\.room) == ["Oslo"])
        #expect(rows.map(\.resource) == ["o@a.example"])
    }

    @Test("Lines are counted through quoted line ends")
    func lines() throws {
        let rows = try MappingCSV.read("room,resource\n\"Os\nlo\",o@a.example\r\nBergen,b@a.example\n")
        #expect(rows.map(\.line) == [2, 4])
        #expect(rows[0].room == "Os lo")
    }

    @Test("Everything that is wrong is told at once, with its line")
    func allFaults() {
        let text = """
            room,resource,writing
            ,o@a.example,direct
            Oslo,o@a.example,direct
            Bergen,,sometimes
            Voss,v@a.example,direct,more
            """
        let found = faults(text)
        #expect(found.map(\.line) == [2, 4, 4, 5])
        #expect(found[0].kind == .roomMissing)
        #expect(
            found.contains(
                .init(line: 4, .unknownWord(column: "writing", word: "sometimes", known: ["direct", "invite"]))))
        #expect(found.last?.kind == .tooManyCells(4))
    }

    @Test("Headers")
    func headers() {
        #expect(faults("").first?.kind == .headerMissing("room"))
        #expect(faults("room\nOslo").map(\.kind) == [.headerMissing("resource")])
        #expect(faults("room,resource,colour\n").map(\.kind) == [.unknownColumn("colour")])
        #expect(faults("room,resource,room\n").map(\.kind) == [.columnTwice("room")])
    }

    @Test("Quotes that do not close, or close too early")
    func quotes() {
        #expect(faults("room,resource\nOslo,\"o@a.example\n") == [.init(line: 2, .unclosedQuote)])
        #expect(faults("room,resource\n\"Oslo\"x,o@a.example") == [.init(line: 2, .textAfterQuote)])
    }

    @Test("Whatever comes is read or refused with a line that there is", arguments: 0..<300)
    func anything(seed: Int) {
        let dice = Dice(seed: UInt64(seed))
        let pieces = [
            "room", "resource", "writing", ",", ";", "\t", "\"", "\n", "\r\n", "\r", " ", "Oslo", "o@a.example", "'",
            "=",
            "\u{FEFF}", "é", "🦊", "direct", "\u{0}",
        ]
        let body = (0..<dice.roll(0..<61)).map { _ in dice.pick(pieces) ?? "" }.joined()
        for text in [body, "room,resource\n" + body] {
            let count = text.unicodeScalars.count { $0 == "\n" || $0 == "\r" } + 1
            for fault in faults(text) { #expect((1...max(1, count)).contains(fault.line)) }
        }
    }
}
