import CalendarModel
import CalendarTime
import HTTPTypes
import LoopBooking

extension Problem {
    /// What the desk refused, as an answer. Says when another booking holds the room, never what it is about.
    package init(_ error: DeskError) {
        switch error {
        case .noSuchRoom(let id): self = .notFound("There is no room \(id.rawValue.prefix(64)).")
        case .noSuchBooking(let id): self = .notFound("There is no booking \(id.rawValue.prefix(64)).")
        case .rulesBroken(let violations):
            self.init(
                .unprocessableContent, code: "rule-violations", title: "The request breaks a rule",
                detail: violations.map(\.message).joined(separator: " "), errors: violations)
        case .slotTaken(let booking, let span):
            let start = Timestamps.rfc3339(span.start)
            let end = Timestamps.rfc3339(span.end)
            self.init(
                .conflict, code: "slot-taken", title: "The room is taken",
                detail: "Another booking holds the room from \(start) to \(end). Choose another time or room.",
                members: ["conflict": Self.holder(HeldSlot(booking: booking, span: span))])
        case .occurrencesTaken(let taken): self = .occurrencesTaken(taken)
        case .notASeries:
            self.init(
                .conflict, code: "not-a-series", title: "The booking is a single meeting",
                detail: "It has no occurrences. Change the booking itself, or give it a recurrence first.")
        case .noSuchOccurrence(let original):
            self.init(
                .notFound, code: "no-such-occurrence", title: "No such occurrence",
                detail: "The series has no occurrence whose original start is \(original). "
                    + "GET the booking's occurrences to see their originals.")
        case .occurrenceCancelled(let original):
            self.init(
                .conflict, code: "occurrence-cancelled", title: "The occurrence was cancelled",
                detail: "The occurrence of \(original) was taken out. Restore it first.")
        case .changed(let revision):
            self.init(
                .preconditionFailed, code: "changed", title: "Changed in the meantime",
                detail: "It is at revision \(revision) now. Read it again, then repeat the change if it still fits.",
                members: ["revision": .integer(revision)], headers: [.eTag: "\"\(revision)\""])
        case .closed(let status):
            self.init(
                .conflict, code: "booking-closed", title: "The booking is \(status.rawValue)",
                detail: "A booking that is \(status.rawValue) cannot be changed. Make a new one.")
        case .notCertain(let reason):
            self.init(
                .conflict, code: "room-not-certain", title: "The room's calendar is not known well enough",
                detail: reason)
        case .roomNameTaken(let name):
            self.init(
                .conflict, code: "room-name-taken", title: "The name is taken",
                detail: "Another room is called \(name). Give this one another name.")
        case .roomInUse(let reason):
            self.init(.conflict, code: "room-in-use", title: "The room is in use", detail: reason)
        case .requestKeyReused:
            self.init(
                .unprocessableContent, code: "idempotency-key-reused", title: "The idempotency key was used before",
                detail: "The same Idempotency-Key came with another request. Use a new key for each new request.")
        }
    }

    private static func occurrencesTaken(_ taken: TakenOccurrences) -> Problem {
        let listed: [JSONValue] = taken.conflicts.map { conflict in
            guard case .object(var fields) = holder(conflict.holder) else { return .null }
            fields["original"] = .string(conflict.original.description)
            return .object(fields)
        }
        let dates = taken.conflicts.prefix(5).map(\.original.date.description).joined(separator: ", ")
        let more = taken.count > 5 ? " and \(taken.count - 5) more" : ""
        return Problem(
            .conflict, code: "slot-taken", title: "The room is taken",
            detail: "The room is taken for \(taken.count) of \(taken.of) occurrences: \(dates)\(more). "
                + "Choose another time or room, or leave these out with onTaken: skip.",
            members: [
                "conflict": holder(taken.first.holder), "conflicts": .array(listed),
                "conflictCount": .integer(Int64(taken.count)), "occurrenceCount": .integer(Int64(taken.of)),
            ])
    }

    private static func holder(_ slot: HeldSlot) -> JSONValue {
        [
            "booking": .string(slot.booking.rawValue), "start": .string(Timestamps.rfc3339(slot.span.start)),
            "end": .string(Timestamps.rfc3339(slot.span.end)),
        ]
    }
}
