import CalendarModel
import ICalendar
import SyncEngine

extension LinkPass {
    /// Reads what changed in the calendar, finds out what became of events that are said to be gone, and keeps it all
    /// together with the cursor.
    mutating func readCalendar() async throws {
        let window = wantedWindow()
        let cursor = memory.cursor.flatMap { $0.window == window ? $0 : nil }
        let reading: Reading
        do {
            reading = try await environment.connector.readChanges(
                of: link.resourceAddress, since: cursor, window: window)
        } catch {
            throw PassStop(error)
        }
        report.remarks += reading.remarks
        report.reader = reading.cursor.reader

        var observed = reading.changed.map { seen($0) }
        let (gone, stillThere) = try await verdicts(on: candidates(for: removal(in: reading)))
        observed += stillThere
        report.changesRead = changes(in: observed) + gone.count

        let adopted = try await tagged(among: observed)
        try await environment.store.record(
            RecordedReading(observed: observed, gone: gone, cursor: reading.cursor, at: now), for: link.id)
        remember(observed.map(Effect.observe) + gone.map(Effect.forget))
        memory.cursor = reading.cursor
        memory.lastReadAt = now
        report.read = true
        for (intent, effects) in adopted { try await close(intent, as: .done, effects: effects) }
        if cursor == nil { try await forgetThePast(before: window.start) }
    }

    /// The window of the present cursor while it is fresh, else the one that today asks for.
    private func wantedWindow() -> TimeSpan {
        let window = PassWindow(zone: link.roomZone, settings: environment.settings)
        if let present = memory.cursor?.window, window.serves(present, at: now) { return present }
        return window.wanted(at: now)
    }

    /// When the window moves on, what lies behind it is remembered no longer. Bookings and events stay as they are.
    private mutating func forgetThePast(before start: Instant) async throws {
        let behind = memory.pairings.values.filter { isBehind($0.bookingBase, start) && isBehind($0.eventBase, start) }
        let moved = try await movedOutOfThePast(behind, start)
        let past = behind.map(\.id).filter { !moved.contains($0) }
        // A meeting that one side moved behind the window stays until the other side followed.
        let needed = Set(memory.pairings.values.filter { !past.contains($0.id) }.compactMap(\.event))
        let events = memory.events.values.filter { isBehind($0.event.meeting, start) && !needed.contains($0.event.id) }
            .map(\.event.id)
        let effects = past.sorted().map(Effect.end) + events.sorted().map(Effect.forget)
        if !effects.isEmpty { try await keep(effects) }
    }

    /// Meetings that LoopBooking moved to a time that is still to come, while the calendar has them in the past.
    private func movedOutOfThePast(_ behind: [Pairing], _ start: Instant) async throws -> Set<PairingID> {
        guard !behind.isEmpty else { return [] }
        do {
            let bookings = try await environment.bookings.bookings(
                in: link.room, window: TimeSpan(start: now, end: now), known: Set(behind.map(\.booking)))
            let ahead = Set(bookings.filter { $0.status.holdsRoom && !isBehind($0.meeting, start) }.map(\.id))
            return Set(behind.filter { ahead.contains($0.booking) }.map(\.id))
        } catch {
            throw PassStop(bookingSide: error)
        }
    }

    private func isBehind(_ meeting: Meeting, _ start: Instant) -> Bool {
        meeting.reach(roomZone: link.roomZone).end < start
    }

    private func changes(in observed: [ObservedEvent]) -> Int {
        observed.filter { now in self.observed(now.event.id)?.event.version != now.event.version }.count
    }

    // MARK: - Events that are said to be gone

    private func removal(in reading: Reading) -> Set<EventID> {
        switch reading.coverage {
        case .changes: return Set(reading.removed)
        case .window(let covered):
            let present = Set(reading.changed.map(\.id)).union(reading.unchanged)
            let missing = memory.events.values.map(\.event)
                .filter { !present.contains($0.id) && $0.meeting.reach(roomZone: link.roomZone).overlaps(covered) }
            return Set(missing.map(\.id)).union(reading.removed)
        }
    }

    /// Those of the removed events that matter: known ones. Unknown ids are noise from outside the window.
    private func candidates(for removed: Set<EventID>) -> [ObservedEvent] {
        removed.compactMap { observed($0) }.sorted { $0.event.id < $1.event.id }
    }

    /// Finds out by reading each whether it is really gone. When very many vanished, they count as gone without asking one
    /// by one: the planner stops the link then.
    private mutating func verdicts(
        on candidates: [ObservedEvent]
    ) async throws -> (gone: [EventID], stillThere: [ObservedEvent]) {
        if candidates.count > Self.mostLookedFor, try await isMassDeletion(candidates) {
            return (candidates.map(\.event.id), [])
        }
        var gone: [EventID] = []
        // Before approved deletions are carried out, each event that had vanished is looked for once more.
        var stillThere = memory.approvedDeletions.isEmpty ? [] : try await vanishedThatAreThere()
        let allPaired = Set(memory.pairings.values.compactMap(\.event))
        for candidate in candidates {
            let id = candidate.event.id
            guard allPaired.contains(id) else {
                gone.append(id)
                continue
            }
            // When that fails, the cursor is not kept either: the next pass hears of the removal again.
            if let event = try await lookFor(id) { stillThere.append(seen(event)) } else { gone.append(id) }
        }
        return (gone, stillThere)
    }

    /// Whether the planner will stop the link for these. It counts the same: coming meetings that LoopBooking still holds.
    private func isMassDeletion(_ candidates: [ObservedEvent]) async throws -> Bool {
        guard memory.approvedDeletions.isEmpty, candidates.count >= link.policy.massDeletionMinimum else {
            return false
        }
        var events = memory.events
        for candidate in candidates { events[candidate.event.id] = nil }
        var state = try await linkState()
        state.events = events
        return Planner.suspectedMassDeletion(in: state) != nil
    }

    // MARK: - Events that may be our own, from a call without an answer

    /// While the outcome of a create is unknown, new events are asked for our tag, so that one that landed late is
    /// recognized and not taken for a person's.
    private func tagged(among observed: [ObservedEvent]) async throws -> [(Intent, [Effect])] {
        let open = memory.openIntents.filter(\.isCreate)
        guard !open.isEmpty else { return [] }
        let paired = Set(memory.pairings.values.compactMap(\.event))
        let unknown = observed.filter { !paired.contains($0.event.id) }
        guard !unknown.isEmpty else { return [] }
        let tags: [EventID: EventTag]
        do {
            tags = try await environment.connector.tags(of: unknown.map(\.event.id), in: link.resourceAddress)
        } catch {
            throw PassStop(error)
        }
        var result: [(Intent, [Effect])] = []
        for intent in open {
            guard
                let match = unknown.first(where: {
                    tags[$0.event.id]?.key == intent.key && tags[$0.event.id]?.link == link.id
                }), case .createEvent(let create) = intent.operation.action
            else { continue }
            let effects = created(
                create, event: match.event, organizerEvent: nil, wasSeenToLand: false, because: intent.operation)
            result.append((intent, effects))
        }
        return result
    }
}
