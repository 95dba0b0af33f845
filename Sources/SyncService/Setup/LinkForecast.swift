import CalendarModel
import ICalendar
import LoopBooking
import SyncEngine

/// Everything that switching a link on would do, as items to look at and decide. The plan is made by the engine itself; nothing
/// is written anywhere.
package struct LinkForecast {
    private let link: Link
    private let state: LinkState
    private let free: (CalendarModel.Meeting) async throws -> [Room]

    /// - Throws: ``ConnectorError`` when the calendar cannot be read, ``BookingError`` when the bookings cannot.
    package static func make(
        _ link: Link, connector: any CalendarConnector, desk: BookingDesk, settings: PassSettings, now: Instant
    ) async throws -> RoomPreview {
        let bookings = LoopBookingSystem(desk: desk, link: link.id)
        var state = try await LinkPreview.state(
            link, memory: nil, connector: connector, bookings: bookings, settings: settings, now: now)
        var twins: [(booking: BookingID, event: EventID, reason: String)] = []
        var plan = Planner.plan(state)
        // What is recorded comes first and alone; what is left to do shows once that is done.
        for _ in 0..<4 {
            let adopted = plan.operations.compactMap { operation -> (BookingID, EventID, String)? in
                guard case .adopt(let booking, let event) = operation.action else { return nil }
                return (booking, event, operation.reason)
            }
            if adopted.isEmpty { break }
            for (booking, event, _) in adopted {
                guard let held = state.bookings[booking], let observed = state.events[event] else { continue }
                state.pairings.append(
                    Pairing(
                        adopting: held, observed.event, in: link, id: PairingID("preview-\(state.pairings.count)")))
            }
            twins += adopted
            plan = Planner.plan(state)
        }
        let forecast = LinkForecast(link: link, state: state) { meeting in
            try await desk.freeRooms(for: meeting, insteadOf: link.room)
        }
        return try await forecast.preview(plan, twins: twins)
    }

    private func preview(
        _ plan: Plan, twins: [(booking: BookingID, event: EventID, reason: String)]
    ) async throws -> RoomPreview {
        var items: [PreviewItem] = []
        for operation in plan.operations {
            if let item = try await item(operation) { items.append(item) }
        }
        for twin in twins {
            guard let booking = state.bookings[twin.booking] else { continue }
            items.append(
                PreviewItem(
                    id: Self.id("pairing.adopt", twin.booking.rawValue), kind: .same, action: "pairing.adopt",
                    a: side(booking), b: state.events[twin.event].map(side), reason: twin.reason, fields: [],
                    occurrences: 0, notes: [], freeRooms: [], isTurnable: false))
        }
        // What somebody should look at comes first.
        let order: [PreviewItem.Kind] = [.clash, .change, .other, .writeEvent, .takeBooking, .same]
        items.sort { left, right in
            let ranks = [left, right].map { order.firstIndex(of: $0.kind) ?? 0 }
            return (ranks[0], left.a.span.start, left.id) < (ranks[1], right.a.span.start, right.id)
        }
        var preview = RoomPreview()
        preview.further = max(0, items.count - RoomPreview.most)
        preview.items = Array(items.prefix(RoomPreview.most))
        return preview
    }

    private static func id(_ action: String, _ subject: String) -> String {
        String(Fingerprint.of([action, subject]).hex.prefix(12))
    }

    // MARK: Operations

    private func item(_ operation: Operation) async throws -> PreviewItem? {
        var (kind, a, b) = meetings(of: operation)
        // What is told no stands on one side only.
        if a == nil { (a, b) = (b, nil) }
        guard let first = a else { return nil }
        var freeRooms: [PreviewItem.FreeRoom] = []
        if let note = operation.clashes.first {
            kind = .clash
            a = side(note.winner)
            b = side(note.loser)
            if let movable = movable(operation.clashes) {
                freeRooms = try await free(movable).prefix(8).map { .init(id: $0.id, name: $0.name) }
            }
        }
        let fields = kind == .change ? self.fields(of: operation) : []
        return PreviewItem(
            id: Self.id(operation.action.name, operation.action.subject), kind: kind,
            action: operation.action.name, a: a ?? first, b: b, reason: operation.reason, fields: fields,
            occurrences: operation.clashes.count { $0.loser.occurrence != nil }, notes: operation.clashes,
            freeRooms: freeRooms, isTurnable: isTurnable(operation, fields))
    }

    private func meetings(
        of operation: Operation
    ) -> (kind: PreviewItem.Kind, a: PreviewItem.Meeting?, b: PreviewItem.Meeting?) {
        switch operation.action {
        case .createEvent(let create): (.writeEvent, state.bookings[create.booking].map(side), nil)
        case .createBooking(let create): (.takeBooking, state.events[create.event].map(side), nil)
        case .updateEvent(let update):
            (
                .change, booking(of: update.pairing).map(side),
                update.reference.event.flatMap { state.events[$0] }.map(side)
            )
        case .updateBooking(let update):
            (.change, state.bookings[update.booking].map(side), event(of: update.pairing).map(side))
        case .setBookingStatus(let change): (.other, state.bookings[change.booking].map(side), nil)
        case .declineEvent(let decline): (.other, state.events[decline.event].map(side), nil)
        case .cancelEvent(let cancel): (.other, cancel.reference.event.flatMap { state.events[$0] }.map(side), nil)
        case .proposeTime(let propose): (.other, state.events[propose.event].map(side), nil)
        case .askRoom, .adopt, .attach, .settle, .end: (.other, nil, nil)
        }
    }

    private func pairing(_ id: PairingID?) -> Pairing? { state.pairings.first { $0.id == id } }
    private func booking(of pairing: PairingID?) -> Booking? {
        self.pairing(pairing).flatMap { state.bookings[$0.booking] }
    }
    private func event(of pairing: PairingID?) -> ObservedEvent? {
        self.pairing(pairing)?.event.flatMap { state.events[$0] }
    }

    private func fields(of operation: Operation) -> [MeetingField] {
        switch operation.action {
        case .updateEvent(let update): update.parts.fields.union(update.bookingParts.fields).sorted()
        case .updateBooking(let update): update.parts.fields.sorted()
        default: []
        }
    }

    /// LoopBooking can take the calendar's words before anything crosses; the time and the series are the same on both
    /// sides, else the two were not one meeting.
    private func isTurnable(_ operation: Operation, _ fields: [MeetingField]) -> Bool {
        guard case .updateEvent(let update) = operation.action, update.parts.occurrences.isEmpty,
            let booking = booking(of: update.pairing), booking.meeting.recurrence == nil
        else { return false }
        return Set(fields).isSubset(of: [.body, .sensitivity, .showAs, .organizer])
            && !Set(fields).isDisjoint(with: [.body, .sensitivity, .showAs])
    }

    /// The booking of a clash as a single meeting that could go elsewhere.
    private func movable(_ notes: [ClashNote]) -> CalendarModel.Meeting? {
        guard notes.count == 1, let note = notes.first else { return nil }
        for party in [note.loser, note.winner] where party.occurrence == nil {
            guard let booking = party.booking.flatMap({ state.bookings[$0] }), booking.origin == .loopBooking,
                booking.meeting.recurrence == nil, OccurrenceBookingID(booking.id) == nil
            else { continue }
            return booking.meeting
        }
        return nil
    }

    // MARK: Meetings

    private func side(_ booking: Booking) -> PreviewItem.Meeting {
        meeting(booking.meeting, .loopBooking, booking: booking.id, event: nil, span: booking.meeting.span)
    }

    private func side(_ observed: ObservedEvent) -> PreviewItem.Meeting {
        let meeting = Privacy.inLoopBooking(observed.event.meeting, policy: link.policy.content)
        return self.meeting(meeting, .calendar, booking: nil, event: observed.event.id, span: meeting.span)
    }

    private func side(_ party: ClashNote.Party) -> PreviewItem.Meeting? {
        let found: PreviewItem.Meeting? =
            if let booking = party.booking.flatMap({ state.bookings[$0] }) {
                side(booking)
            } else {
                party.event.flatMap { state.events[$0] }.map { side($0) }
            }
        guard var found else { return nil }
        found.span = party.span
        found.side = party.origin
        found.event = party.event ?? found.event
        if party.occurrence != nil { found.isSeries = true }
        return found
    }

    private func meeting(
        _ meeting: CalendarModel.Meeting, _ side: Side, booking: BookingID?, event: EventID?, span: TimeSpan
    ) -> PreviewItem.Meeting {
        let content = link.policy.content
        return PreviewItem.Meeting(
            side: side, title: Privacy.title(of: meeting, policy: content),
            organizer: Privacy.organizer(of: meeting, policy: content)?.name, span: span,
            isAllDay: meeting.time.isAllDay, isSeries: meeting.recurrence != nil, booking: booking, event: event)
    }
}
