import CalendarModel
import ICalendar
import SyncEngine

/// Meetings that take each other's slots: one by one each would be refused for the sake of the other, so their bookings
/// move in one transaction.
extension LinkPass {
    /// The operations in order, those moves together that wait for one another.
    func grouped(_ operations: [Operation]) -> [[Operation]] {
        var groups: [[Operation]] = []
        for operation in operations {
            guard let move = move(operation) else {
                groups.append([operation])
                continue
            }
            let touching = groups.indices.filter { index in
                groups[index].contains { other in
                    self.move(other).map { waits(move, for: $0) || waits($0, for: move) } ?? false
                }
            }
            guard let first = touching.first else {
                groups.append([operation])
                continue
            }
            // One move may join groups that did not know of each other.
            let joined = touching.flatMap { groups[$0] } + [operation]
            for index in touching.reversed() { groups.remove(at: index) }
            groups.insert(joined, at: first)
        }
        return groups
    }

    private func move(_ operation: Operation) -> Operation.UpdateBooking? {
        guard case .updateBooking(let update) = operation.action, update.parts.touchesTime else { return nil }
        return update
    }

    private func waits(_ move: Operation.UpdateBooking, for other: Operation.UpdateBooking) -> Bool {
        guard move.booking != other.booking, let present = planned[other.booking] else { return false }
        let zone = link.roomZone
        return move.meeting.reach(roomZone: zone).overlaps(present.meeting.reach(roomZone: zone))
    }

    /// Moves bookings together; one by one when that is refused, so that each is told its own reason.
    mutating func performTogether(_ operations: [Operation]) async throws -> Bool {
        var intents: [Intent] = []
        for operation in operations {
            intents.append(try await open(operation))
        }
        let updates = operations.compactMap { operation in
            move(operation).map { move in
                BookingUpdate(
                    booking: move.booking, meeting: move.meeting, parts: move.parts, revision: move.revision,
                    reason: operation.reason)
            }
        }
        do {
            let bookings = try await environment.bookings.updateTogether(updates)
            let latencies = intents.map { latency(of: $0.operation, since: changedAt($0.operation)) }
            for ((intent, booking), latency) in zip(zip(intents, bookings), latencies) {
                guard let update = move(intent.operation) else { continue }
                let effects = updated(update, booking: booking, because: intent.operation)
                try await close(intent, as: .done, effects: effects + notes(on: intent.operation))
                report.steps.append(
                    PassReport.Step(
                        action: intent.operation.action.name, sentence: intent.operation.reason, latency: latency))
            }
            return true
        } catch let error as BookingError {
            if case .unavailable = error { throw PassStop(bookingSide: error) }
            for intent in intents { try await close(intent, as: .refused) }
        }
        var progress = false
        for operation in operations where try await perform(operation) { progress = true }
        return progress
    }
}
