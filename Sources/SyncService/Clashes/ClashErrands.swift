import CalendarModel
import LoopBooking
import SQLStore
import SyncEngine

/// What decisions about clashes left to do in the room's own calendar: events that lost their slot are shown as booked again,
/// or told another reason. Runs before a link's pass; what could not be done for a passing fault stays for the next one.
package enum ClashErrands {
    /// - Throws: ``ConnectorError`` when trying again later may help.
    package static func run(
        _ link: Link, store: Store, connector: any CalendarConnector, now: @escaping @Sendable () -> Instant
    ) async throws {
        let clashes = try await store.readClashes(of: link.organization) { transaction in
            try transaction.clashes(Set(Clash.State.allCases), of: link.id).filter { !$0.file.errands.isEmpty }
        }
        for clash in clashes {
            for errand in clash.file.errands {
                let outcome = try await outcome(of: errand, link: link, connector: connector)
                // Somebody changes it right now: the next pass looks again.
                guard let outcome else { continue }
                try await record(outcome, of: errand, clash: clash, link: link, store: store, at: now())
            }
        }
    }

    private enum Outcome: Sendable {
        case gone
        case stands(Event)
        case failed(Diagnosis)
    }

    private static func outcome(
        of errand: Clash.Errand, link: Link, connector: any CalendarConnector
    ) async throws(ConnectorError) -> Outcome? {
        do {
            return try await perform(errand, link: link, connector: connector)
        } catch {
            if error.kind == .preconditionFailed { return nil }
            guard !error.isPassing else { throw error }
            return .failed(error.diagnosis)
        }
    }

    private static func perform(
        _ errand: Clash.Errand, link: Link, connector: any CalendarConnector
    ) async throws(ConnectorError) -> Outcome {
        let address = link.resourceAddress
        guard let event = try await connector.fetch(errand.event, in: address), !event.isCancelled else { return .gone }
        let isDone = event.role != .organizer || (errand.reason == nil && event.holdsRoom)
        if isDone { return .stands(event) }
        let before = errand.before.event.meeting
        let meeting =
            errand.reason.map { Reinstatement.explained(event.meeting, before: before, reason: $0) }
            ?? Reinstatement.shown(event.meeting, before: before)
        let written = try await connector.update(
            EventReference(event: event.id), to: meeting, parts: Reinstatement.parts(link.policy.content),
            ifVersion: event.version, in: address)
        return .stands(written.event)
    }

    private static func record(
        _ outcome: Outcome, of errand: Clash.Errand, clash: Clash, link: Link, store: Store, at now: Instant
    ) async throws {
        try await store.writeClashes(of: link.organization) { transaction in
            guard var present = try transaction.clash(clash.id.rawValue) else { return }
            present.file.errands.removeAll { $0 == errand }
            try transaction.keep(present)
            let party = ClashNote.Party(event: errand.event, like: clash.note.loser)
            let pairing = try transaction.pairing(of: party, link: link.id)
            func told(_ sentence: String) -> Effect {
                .tell(
                    HistoryEntry(
                        link: link.id, booking: pairing?.booking, event: errand.event, at: now, action: "clash.errand",
                        sentence: sentence))
            }
            switch outcome {
            case .gone: break
            case .failed(let diagnosis):
                let sentence = "Could not be shown in the calendar as decided: \(diagnosis.summary) \(diagnosis.remedy)"
                try transaction.apply([told(sentence)], for: link.id, at: now)
            case .stands(let event):
                let kept = Privacy.redacted(event, policy: link.policy.content)
                let observed = ObservedEvent(event: kept, slotTakenAt: errand.before.slotTakenAt)
                let sentence =
                    errand.reason == nil
                    ? "Shown in the calendar as booked again." : "The reason in the calendar was changed."
                try transaction.apply([.observe(observed), told(sentence)], for: link.id, at: now)
                guard errand.reason == nil, let pairing,
                    try transaction.bookings.booking(pairing.booking)?.status.holdsRoom == true
                else { return }
                try transaction.revive(pairing)
            }
        }
    }
}
