import CalendarModel
import Logging
import LoopBooking
import SQLStore
import ServiceLifecycle

/// Keeps the slots of endless series written far enough ahead: when the service starts, and once a day. Every write to a
/// room does the same for that room; this is for rooms that nobody writes to.
package struct SlotKeeper: Service {
    private static let interval: Duration = .seconds(24 * 3600)

    private let store: Store
    private let surroundings: SyncWorker.Surroundings
    private let logger: Logger

    package init(store: Store, surroundings: SyncWorker.Surroundings, logger: Logger) {
        self.store = store
        self.surroundings = surroundings
        self.logger = logger
    }

    package func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await extendAll()
                do { try await surroundings.sleep(Self.interval) } catch is CancellationError { return }
            }
        }
    }

    /// One round over all rooms. One room's failure stops no other.
    package func extendAll() async {
        do {
            for (organization, room) in try await store.roomsWithRollingSeries() {
                let desk = store.desk(of: organization, now: surroundings.now, newID: surroundings.newID)
                do { try await desk.extendSlots(of: room) } catch {
                    logger.error(
                        "A room's series could not be extended", metadata: ["room": "\(room)", "error": "\(error)"])
                }
            }
        } catch {
            logger.error("The series to extend could not be read", metadata: ["error": "\(error)"])
        }
    }
}
