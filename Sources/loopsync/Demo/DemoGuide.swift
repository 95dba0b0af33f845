import CalendarModel
import CalendarTime
import HTTPTransport
import Portal
import ServiceLifecycle
import Synchronization

/// Books, moves and cancels on both sides, and shows what crossed and how long it took.
struct DemoGuide: Service {
    let sim: JSONCaller
    let token: String
    /// The service's address, once it listens.
    let listening: AsyncStream<String>
    let stayRunning: Bool
    let result: DemoResult

    func run() async throws {
        var url: String?
        for await address in listening {
            url = address
            break
        }
        guard let url else { return }
        let loopBooking = JSONCaller(
            transport: sim.transport, base: url + "/api/v1", headers: [("Authorization", "Bearer \(token)")])
        Terminal.write("loopsync is listening on \(url)")
        do {
            try await DemoScenes(sim: sim, loopBooking: loopBooking, result: result).play()
        } catch {
            result.add(DemoResult.Row(what: "the demo itself", way: "", seconds: nil))
            Terminal.complain(CommandFailure(error).text)
        }
        Terminal.write(result.table)
        guard stayRunning else { return }
        Terminal.write(
            """

            The service goes on:   \(url)/api/v1/bookings   (Authorization: Bearer \(token))
            The stand-in tenant:   \(sim.base)/control/v1/mailboxes/\(DemoTenant.address(of: "Oslo"))/events
            Ctrl-C ends both.
            """)
        try await gracefulShutdown()
    }
}

/// What crossed, and how long it took.
final class DemoResult: Sendable {
    struct Row {
        var what: String
        var way: String
        var seconds: Double?
    }

    private let rows = Mutex<[Row]>([])

    func add(_ row: Row) { rows.withLock { $0.append(row) } }

    var isComplete: Bool {
        rows.withLock { rows in
            !rows.isEmpty && rows.allSatisfy { $0.seconds != nil }
                && Set(rows.map(\.way)).isSuperset(of: [DemoScenes.toCalendar, DemoScenes.toLoopBooking])
        }
    }

    var table: String {
        var table = TextTable("WHAT", "DIRECTION", "TOOK")
        for row in rows.withLock({ $0 }) {
            let seconds = row.seconds.map { "\((($0 * 100).rounded() / 100)) s" } ?? "did not cross"
            table.add(row.what, row.way, seconds)
        }
        return table.text
    }
}
