import CalendarModel
import SyncEngine

/// Looking at single events by their ids, where a reading does not say enough.
extension LinkPass {
    /// More vanished events than this are not looked for one by one.
    static let mostLookedFor = 20

    /// One event as it stands now; nil when it is not there.
    mutating func lookFor(_ id: EventID) async throws -> Event? {
        do {
            let found = try await environment.connector.fetch(id, in: link.resourceAddress)
            if found == nil { verifiedGone.insert(id) }
            return found
        } catch {
            throw PassStop(error)
        }
    }

    func organizerCopy(_ id: EventID) async throws -> Event? {
        do { return try await environment.connector.organizerCopy(id, in: link.resourceAddress) } catch {
            throw PassStop(error)
        }
    }

    // MARK: - Events that are not known to be there any more

    /// Before a booking is cancelled because its event is not known any more, the event is looked for: it may stand where no
    /// reading shows it, behind the window perhaps, since it was last believed to be gone. Returns whether it was found.
    mutating func isStillThere(_ operation: Operation) async throws -> Bool {
        guard case .setBookingStatus(let change) = operation.action, change.status == .cancelled,
            let id = pairing(for: change.booking)?.event, observed(id) == nil, !verifiedGone.contains(id),
            let event = try await lookFor(id)
        else { return false }
        try await keep([observation(of: event)])
        return true
    }

    /// The same before a link stops for a few of them. Returns whether any was found.
    mutating func vanishedAreFound() async throws -> Bool {
        let missing = vanished
        guard missing.count <= Self.mostLookedFor, !missing.allSatisfy(verifiedGone.contains) else { return false }
        let found = try await vanishedThatAreThere()
        if !found.isEmpty { try await keep(found.map(Effect.observe)) }
        return !found.isEmpty
    }

    /// Those of them that are there: when the calendar only looked empty, they may stand where a reading of the window does
    /// not show them.
    mutating func vanishedThatAreThere() async throws -> [ObservedEvent] {
        var found: [ObservedEvent] = []
        for id in vanished {
            if let event = try await lookFor(id) { found.append(seen(event)) }
        }
        return found
    }

    private var vanished: [EventID] {
        memory.pairings.values.compactMap(\.event).filter { observed($0) == nil }.sorted()
    }

    // MARK: - The organizer's copies of our invitations

    /// Reads, once a pass, those without which a change of the room's copy would be misunderstood.
    mutating func readOrganizerCopies() async throws {
        let invitations = memory.pairings.values.filter { $0.isInvitation && organizerCopies[$0.id] == nil }
        for pairing in invitations.sorted(by: { $0.id < $1.id }) {
            guard let organizerEvent = pairing.organizerEvent, let copy = pairing.event.flatMap({ observed($0) }),
                pairing.asksOrganizer(about: copy.event)
            else { continue }
            let kept = try await organizerCopy(organizerEvent).map { Privacy.redacted($0, policy: link.policy.content) }
            organizerCopies.updateValue(kept, forKey: pairing.id)
        }
    }
}
