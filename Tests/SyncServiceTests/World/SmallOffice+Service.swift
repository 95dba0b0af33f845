import CalendarModel
import Logging
import SQLStore
import SyncEngine
import SyncService
import Synchronization
import TestSupport

/// One calendar for every connection.
struct OneConnector: ConnectorSource {
    let calendar: InMemoryCalendar

    func connector(for connection: ConnectionID) async throws -> any CalendarConnector { calendar }
}

/// What is sent to people.
final class Letters: Notifier {
    struct NoServer: Error {}

    private let state = Mutex((sent: [Notification](), isDown: false))

    var sent: [Notification] { state.withLock(\.sent) }
    func setDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }

    func notify(_ notification: Notification) async throws {
        try state.withLock { state in
            if state.isDown { throw NoServer() }
            state.sent.append(notification)
        }
    }
}

/// The parts of the service, on the office's clock: whoever sleeps lets time pass, and the room answers meanwhile.
extension SmallOffice {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    func surroundings(
        sleep: (@Sendable (Duration) async throws -> Void)? = nil
    ) -> SyncWorker.Surroundings {
        let (clock, ids, calendar) = (clock, ids, calendar)
        return SyncWorker.Surroundings(
            now: { clock.now }, newID: { ids.next() },
            sleep: sleep ?? { duration in
                clock.advance(by: duration)
                await calendar.answerInvitations()
            }, chance: { 0.5 })
    }

    func worker() -> SyncWorker {
        SyncWorker(
            store: store, connectors: OneConnector(calendar: calendar), settings: WorkerSettings(node: "node"),
            bell: WakeBell(), surroundings: surroundings(), logger: Self.silent)
    }

    func doctor(mailbox: DoctorMail? = nil) -> Doctor {
        Doctor(
            store: store, connectors: OneConnector(calendar: calendar), surroundings: surroundings(),
            mailbox: mailbox, logger: Self.silent)
    }

    func addAdministrator(_ name: String, language: String?, role: Role = .administrator) async throws {
        let account = Account(
            id: name, email: "\(name)@contoso.example", name: name, language: language, createdAt: clock.now)
        try await store.addAccount(account)
        try await store.setRole(role, of: name, in: Self.organization, now: clock.now)
    }
}
