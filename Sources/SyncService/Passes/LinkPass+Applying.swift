import CalendarModel
import SyncEngine

extension LinkPass {
    /// Does one operation. Returns whether something changed, so that planning again makes sense.
    mutating func perform(_ operation: Operation) async throws -> Bool {
        switch operation.action {
        case .adopt(let booking, let event): return try await adopt(booking, event, because: operation)
        case .attach(let id, let event): return try await attach(id, event)
        case .settle(let id): return try await settle(id)
        case .end(let id):
            try await keep([.end(id)])
            return true
        case .askRoom(let id, let organizerEvent): return try await askRoom(id, organizerEvent)
        case .createEvent, .updateEvent, .cancelEvent, .declineEvent, .proposeTime, .createBooking,
            .updateBooking, .setBookingStatus:
            return try await write(operation)
        }
    }

    // MARK: - Recording

    private mutating func adopt(
        _ bookingID: BookingID, _ eventID: EventID, because operation: Operation
    ) async throws -> Bool {
        guard let observed = observed(eventID), let booking = planned[bookingID] else { return false }
        let pairing = Pairing(
            adopting: booking, observed.event, in: link, id: PairingID(environment.newID()))
        try await keep([.pair(pairing), tell(operation, booking: booking.id, event: eventID)])
        return true
    }

    private mutating func attach(_ id: PairingID, _ event: EventID) async throws -> Bool {
        guard var pairing = pairing(id), observed(event) != nil else { return false }
        // The base stays what was written: what the room's copy says is compared with it, as at every change of it.
        pairing.event = event
        pairing.eventVersion = nil
        try await keep([.pair(pairing)])
        return true
    }

    private mutating func settle(_ id: PairingID) async throws -> Bool {
        guard var pairing = pairing(id), let booking = planned[pairing.booking] else { return false }
        pairing.bookingBase = booking.meeting
        pairing.bookingRevision = booking.revision
        if let observed = pairing.event.flatMap({ observed($0) }) {
            let heard = pairing.heard(observed, organizerCopy: organizerCopies[id] ?? nil)
            pairing.eventBase = heard.event.meeting
            if pairing.isInvitation { pairing.roomResponse = heard.event.response }
            if !pairing.awaitsRoom { pairing.eventVersion = heard.event.version }
        }
        try await keep([.pair(pairing)])
        return true
    }

    private mutating func askRoom(_ id: PairingID, _ organizerEvent: EventID) async throws -> Bool {
        guard asked.insert(id).inserted, var pairing = pairing(id) else { return false }
        do {
            let response = try await environment.connector.resourceResponse(
                to: organizerEvent, in: link.resourceAddress)
            guard response != pairing.roomResponse else { return false }
            if let response { pairing.roomResponse = response } else { pairing.organizerEvent = nil }
        } catch {
            throw PassStop(error)
        }
        try await keep([.pair(pairing)])
        return true
    }

    // MARK: - Writing

    private mutating func write(_ operation: Operation) async throws -> Bool {
        guard environment.refusals.mayTry(operation.action, at: now) else { return false }
        if try await isStillThere(operation) { return true }
        let intent = try await open(operation)
        // A repeated create is the same call as before, with what was to be written then.
        let operation = intent.operation
        let changedAt = changedAt(operation)
        do {
            let effects = try await call(operation, under: intent)
            let latency = latency(of: operation, since: changedAt)
            try await close(intent, as: .done, effects: effects + notes(on: operation))
            report.steps.append(
                PassReport.Step(action: operation.action.name, sentence: operation.reason, latency: latency))
            return true
        } catch let error as ConnectorError {
            return try await handle(error, of: operation, intent: intent)
        } catch let error as BookingError {
            return try await handle(error, of: operation, intent: intent)
        }
    }

    /// Writes an intent down, right before its call.
    mutating func open(_ operation: Operation) async throws -> Intent {
        var intent: Intent
        var asked: Instant
        repeat {
            asked = now
            intent = try await environment.store.open(
                Intent(key: OperationKey(environment.newID()), link: link.id, operation: operation, openedAt: asked))
        } while now.since(asked) > environment.settings.staleIntents
        memory.openIntents.removeAll { $0.key == intent.key }
        memory.openIntents.append(intent)
        return intent
    }

    /// Makes the call; returns what it left behind.
    private mutating func call(_ operation: Operation, under intent: Intent) async throws -> [Effect] {
        let key = intent.key
        let connector = environment.connector
        let address = link.resourceAddress
        switch operation.action {
        case .createEvent(let create):
            let draft = EventDraft(
                meeting: create.meeting, tag: EventTag(link: link.id, booking: create.booking, key: key),
                mode: create.mode)
            let outcome = try await connector.create(draft, in: address)
            return created(
                create, event: outcome.event, organizerEvent: outcome.organizerEvent,
                wasSeenToLand: intent.attempts == 1,
                because: operation) + overlapping(outcome, under: key)
        case .updateEvent(let update):
            let outcome = try await connector.update(
                update.reference, to: update.meeting, parts: update.parts, ifVersion: update.version, in: address)
            if let pairing = pairing(update.pairing), pairing.isInvitation {
                organizerCopies[pairing.id] = Privacy.redacted(outcome.event, policy: link.policy.content)
            }
            return updated(update, outcome: outcome, because: operation) + overlapping(outcome, under: key)
        case .cancelEvent(let cancel):
            try await connector.cancel(
                cancel.reference, ifVersion: cancel.version, comment: cancel.comment, in: address)
            return cancelled(cancel, because: operation)
        case .declineEvent(let decline):
            try await connector.decline(
                decline.event, occurrence: decline.occurrence, comment: decline.comment, in: address)
            return declined(decline, because: operation)
        case .proposeTime(let propose):
            try await connector.propose(
                propose.time, for: propose.event, occurrence: propose.occurrence, comment: propose.comment,
                in: address)
            return proposed(propose, because: operation)
        case .createBooking(let create):
            guard let observed = observed(create.event) else { throw BookingError.notFound }
            let booking = try await environment.bookings.create(
                create.meeting, in: link.room, key: key, slotTakenAt: create.slotTakenAt, because: operation.reason)
            return created(booking, create, for: observed.event, because: operation)
        case .updateBooking(let update):
            let booking = try await environment.bookings.update(
                update.booking, to: update.meeting, parts: update.parts, ifRevision: update.revision,
                because: operation.reason)
            return updated(update, booking: booking, because: operation)
        case .setBookingStatus(let change):
            let booking = try await environment.bookings.setStatus(
                change.booking, to: change.status, ifRevision: change.revision, because: operation.reason)
            return changedStatus(of: booking, because: operation)
        case .askRoom, .adopt, .attach, .settle, .end:
            return []
        }
    }

    // MARK: - Faults

    private mutating func handle(
        _ error: ConnectorError, of operation: Operation, intent: Intent
    ) async throws -> Bool {
        if mayHaveLanded(intent), error.kind != .preconditionFailed, error.kind != .notFound {
            // An earlier attempt got no answer. Refused now or not, its event may be there: it is looked up, not forgotten.
            throw PassStop(error)
        }
        switch error.kind {
        case .outcomeUnknown, .transient, .cancelled:
            // It may have worked: the intent stays open, and the next pass finds out.
            throw PassStop(error)
        case .throttled, .unauthorized, .cursorExpired:
            try await close(intent, as: .refused)
            throw PassStop(error)
        case .preconditionFailed, .notFound:
            // Somebody was faster. What stands there now decides.
            return try await lookAgain(at: operation, intent: intent, after: error)
        case .forbidden, .conflict, .rejected, .protocolViolation:
            try await close(intent, as: .refused)
            environment.refusals.refused(operation.action, at: now)
            try await tellFailure(of: operation, error.diagnosis)
            return false
        }
    }

    private func mayHaveLanded(_ intent: Intent) -> Bool {
        guard case .createEvent = intent.operation.action, intent.attempts > 1 else { return false }
        return now.since(intent.calledAt) <= environment.settings.watchUnknownOutcomes
    }

    private mutating func handle(_ error: BookingError, of operation: Operation, intent: Intent) async throws -> Bool {
        // It may have worked: the intent stays open, and the next pass finds out.
        if case .unavailable = error { throw PassStop(bookingSide: error) }
        try await close(intent, as: .refused)
        switch error {
        case .changed, .notFound, .slotTaken:
            // The booking side is read anew in each round. A second refusal of the very same write is a fault.
            guard environment.refusals.mayTry(operation.action, at: now) else { return false }
            environment.refusals.refused(operation.action, at: now)
            report.steps.append(
                PassReport.Step(
                    action: operation.action.name, sentence: operation.reason, failure: Diagnosis(error)))
            return true
        case .rejected:
            environment.refusals.refused(operation.action, at: now)
            try await tellFailure(of: operation, Diagnosis(error))
            return false
        case .unavailable: return false
        }
    }

    private mutating func lookAgain(
        at operation: Operation, intent: Intent, after error: ConnectorError
    ) async throws -> Bool {
        let id: EventID? =
            switch operation.action {
            case .updateEvent(let update): update.reference.event
            case .cancelEvent(let cancel): cancel.reference.event
            case .declineEvent(let decline): decline.event
            default: nil
            }
        guard let id else {
            try await close(intent, as: .refused)
            environment.refusals.refused(operation.action, at: now)
            try await tellFailure(of: operation, error.diagnosis)
            return false
        }
        let event = try await lookFor(id)
        try await close(intent, as: .refused, effects: [event.map { present($0) } ?? .forget(id)])
        return true
    }

    private mutating func tellFailure(of operation: Operation, _ diagnosis: Diagnosis) async throws {
        report.steps.append(
            PassReport.Step(action: operation.action.name, sentence: operation.reason, failure: diagnosis))
        let (booking, event) = parties(of: operation)
        let entry = HistoryEntry(
            link: link.id, booking: booking.map(OccurrenceBookingID.whole), event: event, at: now,
            action: operation.action.name + ".failed",
            sentence: "Could not cross: \(diagnosis.summary) \(diagnosis.remedy)")
        try await keep([.tell(entry)])
    }
}
