import CalendarModel
import SyncEngine
import SyncService
import Synchronization

extension Mutant {
    /// What the calendar says or is told is wrong.
    static let calendars: [Mutant] = [
        .calendar("gone-without-looking", "What cannot be found at once counts as gone.") { calendar, _ in
            calendar.onFetch = { (_, _, _) async throws(ConnectorError) in nil }
        },
        .calendar("error-is-deletion", "An error when looking for an event counts as its deletion (OGCS 1285).") {
            calendar, _ in
            calendar.onFetch = { (base, id, address) async throws(ConnectorError) in
                do throws(ConnectorError) { return try await base.fetch(id, in: address) } catch { return nil }
            }
        },
        .calendar("copied-tag", "Of two events with our tag the older one is deleted (OGCS 2091).") { calendar, _ in
            calendar.reading = { (base, address, reading) async throws(ConnectorError) in
                let ids = reading.changed.map(\.id)
                let tags = try await base.tags(of: ids, in: address)
                for (older, newer) in zip(ids, ids.dropFirst()) {
                    guard let tag = tags[older], tag == tags[newer] else { continue }
                    try await base.cancel(
                        EventReference(event: older), ifVersion: nil, comment: "A duplicate.", in: address)
                }
            }
        },
        .calendar("five-seconds-grace", "Changes within five seconds of a write of ours are ours (OGCS).") {
            calendar, scratch in
            calendar.onUpdate = { (base, update, address) async throws(ConnectorError) in
                let outcome = try await base.update(
                    update.reference, to: update.meeting, parts: update.parts, ifVersion: update.version, in: address)
                let time = outcome.event.modifiedAt
                scratch.lastWrite.withLock { $0 = time }
                return outcome
            }
            calendar.reading = { (_, _, reading) async throws(ConnectorError) in
                guard let written = scratch.lastWrite.withLock({ $0 }) else { return }
                reading.changed.removeAll { event in
                    event.modifiedAt.map { $0 > written && $0.since(written) <= .seconds(5) } ?? false
                }
            }
        },
        .calendar("first-page-only", "Of what changed only the first page is read (cal.com).") { calendar, _ in
            calendar.reading = { (_, _, reading) async throws(ConnectorError) in
                guard reading.coverage == .changes else { return }
                reading.changed = Array(reading.changed.prefix(1))
            }
        },
        .calendar("deaf-to-deletions", "What a reading says to be gone is not heard.") { calendar, _ in
            calendar.reading = { (_, _, reading) async throws(ConnectorError) in reading.removed = [] }
        },
        .calendar("lost-answer-is-failure", "A create without an answer counts as refused.") { calendar, _ in
            calendar.onCreate = { (base, draft, address) async throws(ConnectorError) in
                do throws(ConnectorError) { return try await base.create(draft, in: address) } catch {
                    guard error.kind == .outcomeUnknown else { throw error }
                    throw ConnectorError(.rejected, operation: error.operation, diagnosis: error.diagnosis)
                }
            }
        },
        .calendar("failure-is-success", "A write that failed counts as done (zoom_rooms).") { calendar, _ in
            calendar.onUpdate = { (base, update, address) async throws(ConnectorError) in
                do throws(ConnectorError) {
                    return try await base.update(
                        update.reference, to: update.meeting, parts: update.parts, ifVersion: update.version,
                        in: address)
                } catch {
                    guard error.kind == .transient || error.kind == .throttled, let id = update.reference.event,
                        var event = try await base.fetch(id, in: address)
                    else { throw error }
                    event.meeting = event.meeting.taking(parts: update.parts, from: update.meeting)
                    return WriteOutcome(event: event)
                }
            }
        },
        .calendar("cancel-and-forget", "A cancellation that failed counts as done.") { calendar, _ in
            calendar.onCancel = { (base, reference, version, comment, address) async throws(ConnectorError) in
                do throws(ConnectorError) {
                    try await base.cancel(reference, ifVersion: version, comment: comment, in: address)
                } catch {}
            }
        },
        .calendar("no-version", "Events are overwritten without looking at their version.") { calendar, _ in
            calendar.onUpdate = { (base, update, address) async throws(ConnectorError) in
                try await base.update(
                    update.reference, to: update.meeting, parts: update.parts, ifVersion: nil, in: address)
            }
        },
        .calendar("writes-twice", "Every event is made twice.") { calendar, _ in
            calendar.onCreate = { (base, draft, address) async throws(ConnectorError) in
                var second = draft
                second.tag.key = OperationKey("\(draft.tag.key)-again")
                _ = try await base.create(second, in: address)
                return try await base.create(draft, in: address)
            }
        },
        .calendar("silent-refusal", "Whoever writes into a taken slot finds the event deleted.") { calendar, _ in
            calendar.onUpdate = { (base, update, address) async throws(ConnectorError) in
                guard update.meeting.subject.hasPrefix("Not booked: "), let id = update.reference.event,
                    var event = try await base.fetch(id, in: address)
                else {
                    return try await base.update(
                        update.reference, to: update.meeting, parts: update.parts, ifVersion: update.version,
                        in: address)
                }
                try await base.cancel(update.reference, ifVersion: update.version, comment: "", in: address)
                event.meeting.showAs = .free
                return WriteOutcome(event: event)
            }
        },
        .calendar("declines-its-own", "Events in the room's own calendar are declined instead of cancelled.") {
            calendar, _ in
            calendar.onCancel = { (base, reference, version, comment, address) async throws(ConnectorError) in
                guard let id = reference.event else { return }
                try await base.decline(id, occurrence: nil, comment: comment, in: address)
            }
        },
        .calendar("cancels-others", "Other people's meetings are cancelled instead of declined.") { calendar, _ in
            calendar.onDecline = { (base, id, _, comment, address) async throws(ConnectorError) in
                try await base.cancel(EventReference(event: id), ifVersion: nil, comment: comment, in: address)
            }
        },
        .calendar("delete-and-add", "A changed booking takes its event away, to make another.") { calendar, _ in
            calendar.onUpdate = { (base, update, address) async throws(ConnectorError) in
                try await base.cancel(update.reference, ifVersion: nil, comment: "Made anew.", in: address)
                throw ConnectorError(
                    .notFound, operation: "events.update",
                    diagnosis: Diagnosis(code: "mutant", summary: "It is made anew.", remedy: "None."))
            }
        },
        .calendar("echo", "What changed in the calendar is written back to it.") { calendar, _ in
            calendar.reading = { (base, address, reading) async throws(ConnectorError) in
                for event in reading.changed where event.role == .organizer {
                    _ = try await base.update(
                        EventReference(event: event.id), to: event.meeting, parts: [.subject], ifVersion: nil,
                        in: address)
                }
            }
        },
        .calendar("private-flag-dropped", "The private flag is not written.") { calendar, _ in
            calendar.written = { meeting in
                var meeting = meeting
                meeting.sensitivity = .normal
                return meeting
            }
        },
    ]

    /// What LoopBooking is told is wrong.
    static let bookings: [Mutant] = [
        Mutant("no-revision", "Bookings are overwritten although somebody changed them in the meantime.") {
            environment, _ in
            var bookings = AlteredBookings(environment.bookings)
            bookings.overwrites = true
            environment.bookings = bookings
        },
        Mutant("body-dropped", "Notes from the calendar do not reach the booking.") { environment, _ in
            var bookings = AlteredBookings(environment.bookings)
            bookings.written = { meeting in
                var meeting = meeting
                meeting.body = ""
                return meeting
            }
            environment.bookings = bookings
        },
        Mutant("tomorrow", "The clock is a day ahead: what comes soon counts as over.") { environment, _ in
            let now = environment.now
            environment.now = { now().advanced(by: .seconds(86_400)) }
        },
    ]
}
