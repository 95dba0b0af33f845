import CalendarModel
import CalendarTime
import ICalendar
import LoopBooking
import SQLStore
import SyncEngine

/// One room's day with both calendars side by side, as far as the link's policy lets meetings be shown. The calendar's side is
/// as it was last read.
package struct RoomDay: Sendable {
    /// A meeting, or one occurrence of a series, on one side.
    package struct Entry: Sendable, Hashable {
        package var side: Side
        package var booking: BookingID?
        package var event: EventID?
        package var title: String
        package var isPrivate: Bool
        package var organizer: String?
        package var span: TimeSpan
        /// Whether it has the room; one that was told no does not.
        package var holdsRoom: Bool
        package var isPending: Bool
    }

    package enum State: String, Sendable, CaseIterable {
        /// Both sides agree.
        case inSync
        /// One side is ahead of the other.
        case crossing
        /// It stands on one side only, although nothing is on its way.
        case oneSide
        /// It lost its slot to another meeting.
        case toldNo
        /// The room has no link.
        case unlinked
    }

    /// A meeting as it stands on both sides.
    package struct Row: Sendable, Hashable {
        package var here: Entry?
        package var there: Entry?
        package var state: State

        package var start: Instant { min(here?.span.start ?? .distantFuture, there?.span.start ?? .distantFuture) }
    }

    package var room: Room
    package var link: LinkRecord?
    package var date: CivilDate
    package var day: TimeSpan
    package var rows: [Row]

    /// - Throws: `DeskError.noSuchRoom`.
    package static func read(
        _ room: Room, on date: CivilDate, link: LinkRecord?, store: Store, desk: BookingDesk, now: Instant
    ) async throws -> RoomDay {
        let start = Zones.startOfDay(date, in: room.zone) ?? now
        let end =
            Zones.startOfDay(Zones.date(date, addingDays: 1), in: room.zone) ?? start.advanced(by: .seconds(86_400))
        let day = TimeSpan(start: start, end: end)
        let bookings = try await desk.bookings(
            BookingQuery(room: room.id, from: day.start, to: day.end, limit: .max))
        var builder = RoomDayBuilder(day: day, zone: room.zone, link: link, now: now)
        for booking in bookings where booking.status != .cancelled { builder.add(booking) }
        if let link {
            let observed = try await store.observed(of: link.link.id, touching: day)
            for event in observed.events where !event.event.isCancelled { builder.add(event.event) }
            builder.pairs = observed.pairs
        }
        return RoomDay(room: room, link: link, date: date, day: day, rows: builder.rows())
    }
}

/// Puts the two sides of a day together.
struct RoomDayBuilder {
    let day: TimeSpan
    let zone: ZoneID
    let link: LinkRecord?
    let now: Instant
    var pairs: [BookingID: EventID] = [:]
    /// With the id by which the engine knows the occurrence, where a series is written as single events.
    private var here: [(entry: RoomDay.Entry, occurrence: BookingID?)] = []
    private var there: [RoomDay.Entry] = []

    init(day: TimeSpan, zone: ZoneID, link: LinkRecord?, now: Instant) {
        self.day = day
        self.zone = zone
        self.link = link
        self.now = now
    }

    private var content: LinkPolicy.Content { link?.link.policy.content ?? .everything }

    mutating func add(_ booking: Booking) {
        for (meeting, original) in meetings(of: booking.meeting) {
            var entry = entry(.loopBooking, meeting)
            entry.booking = booking.id
            entry.holdsRoom = booking.status.holdsRoom
            entry.isPending = booking.status == .pending
            here.append((entry, original.map { OccurrenceBookingID(booking: booking.id, original: $0).id }))
        }
    }

    mutating func add(_ event: Event) {
        // What is shown as free is nobody's claim to the room.
        guard event.meeting.showAs.holdsRoom else { return }
        for (meeting, _) in meetings(of: event.meeting) {
            var entry = entry(.calendar, meeting)
            entry.event = event.id
            entry.holdsRoom = event.holdsRoom
            there.append(entry)
        }
    }

    private func meetings(of meeting: Meeting) -> [(Meeting, WallTime?)] {
        guard let series = Series(meeting, roomZone: zone) else {
            return meeting.span.overlaps(day) ? [(meeting, nil)] : []
        }
        return series.occurrences(in: day).map { occurrence in
            (meeting.occurrence(at: occurrence.regularTime, occurrence.change), occurrence.original)
        }
    }

    private func entry(_ side: Side, _ meeting: Meeting) -> RoomDay.Entry {
        RoomDay.Entry(
            side: side, title: Privacy.title(of: meeting, policy: content),
            isPrivate: meeting.sensitivity.hidesContent && content == .everything,
            organizer: Privacy.organizer(of: meeting, policy: content).map { $0.name.isEmpty ? $0.address : $0.name },
            span: meeting.span, holdsRoom: true, isPending: false)
    }

    func rows() -> [RoomDay.Row] {
        var left = there
        var rows: [RoomDay.Row] = here.map { entry, occurrence in
            let event = occurrence.flatMap { pairs[$0] } ?? entry.booking.flatMap { pairs[$0] }
            let candidates = left.indices.filter { left[$0].event == event && event != nil }
            guard let index = candidates.first(where: { left[$0].span == entry.span }) ?? candidates.first else {
                return RoomDay.Row(here: entry, state: alone(entry, isPaired: event != nil))
            }
            var other = left.remove(at: index)
            other.booking = entry.booking
            return RoomDay.Row(here: entry, there: other, state: together(entry, other))
        }
        let bookings = Dictionary(pairs.map { ($1, $0) }, uniquingKeysWith: { $1 })
        rows += left.map { entry in
            var entry = entry
            entry.booking = entry.event.flatMap { bookings[$0] }.map(OccurrenceBookingID.whole)
            return RoomDay.Row(there: entry, state: alone(entry, isPaired: entry.booking != nil))
        }
        return rows.sorted { ($0.start, $0.here == nil ? 1 : 0) < ($1.start, $1.here == nil ? 1 : 0) }
    }

    private func together(_ here: RoomDay.Entry, _ there: RoomDay.Entry) -> RoomDay.State {
        if !here.holdsRoom || !there.holdsRoom { return .toldNo }
        return here.span == there.span && !here.isPending ? .inSync : .crossing
    }

    private func alone(_ entry: RoomDay.Entry, isPaired: Bool) -> RoomDay.State {
        guard let link else { return .unlinked }
        if !entry.holdsRoom { return .toldNo }
        if isPaired || entry.isPending { return .crossing }
        switch link.condition(at: now) {
        case .inSync: return .oneSide
        case .catchingUp: return .crossing
        case .notCertain, .stopped, .paused: return .oneSide
        }
    }
}
