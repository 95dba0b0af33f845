import CalendarModel
import ICalendar

extension BookingDesk {
    /// One page of a list of bookings.
    package struct Page: Hashable, Sendable {
        package var bookings: [Booking]
        /// Where the next page begins; nil on the last one.
        package var next: BookingQuery.Place?
    }

    /// The bookings of one page, see ``page(_:)``.
    package func bookings(_ query: BookingQuery) async throws -> [Booking] { try await page(query).bookings }

    /// Bookings in order of the start of their reach. Between bounds, a series is listed once, and only when one of its
    /// occurrences falls there.
    package func page(_ query: BookingQuery) async throws -> Page {
        try await store.read { reading in
            if let room = query.room { _ = try existing(room, in: reading) }
            var zones: [RoomID: ZoneID] = [:]
            func zone(of room: RoomID) throws -> ZoneID {
                if let known = zones[room] { return known }
                let zone = try reading.room(room)?.zone ?? .utc
                zones[room] = zone
                return zone
            }
            func place(of booking: Booking) throws -> BookingQuery.Place {
                let start = booking.meeting.reach(roomZone: try zone(of: booking.room)).start
                return BookingQuery.Place(start: start, id: booking.id)
            }
            var found: [Booking] = []
            var step = query
            // One more than asked for tells whether there is another page.
            step.limit = query.limit == .max ? .max : query.limit + 1
            while true {
                let read = try reading.bookings(step)
                found += try read.filter { try Self.isListed($0, in: query, roomZone: zone(of: $0.room)) }
                guard found.count <= query.limit, read.count == step.limit, let last = read.last else { break }
                step.after = try place(of: last)
            }
            let page = Array(found.prefix(query.limit))
            let next = found.count > query.limit ? try page.last.map(place) : nil
            return Page(bookings: page, next: next)
        }
    }

    private static func isListed(_ booking: Booking, in query: BookingQuery, roomZone: ZoneID) -> Bool {
        guard query.from != nil || query.to != nil, let series = Series(booking.meeting, roomZone: roomZone) else {
            return true
        }
        let reach = series.reach
        return series.hasOccurrence(in: TimeSpan(start: query.from ?? reach.start, end: query.to ?? reach.end))
    }

    /// One occurrence as it stands.
    package struct ListedOccurrence: Hashable, Sendable {
        package var original: WallTime
        package var isCancelled: Bool
        package var isChanged: Bool
        /// The occurrence as a meeting of its own.
        package var meeting: Meeting
    }

    /// The occurrences of a series that touch `span`, cancelled ones too, in order of time.
    /// - Throws: ``DeskError/notASeries``.
    package func occurrences(
        of id: BookingID, during span: TimeSpan
    ) async throws -> (booking: Booking, occurrences: [ListedOccurrence]) {
        try await store.read { reading in
            let booking = try existing(id, in: reading)
            let zone = try reading.room(booking.room)?.zone ?? .utc
            guard let series = Series(booking.meeting, roomZone: zone) else { throw DeskError.notASeries }
            var listed = series.occurrences(in: span).map { occurrence in
                ListedOccurrence(
                    original: occurrence.original, isCancelled: false, isChanged: occurrence.change != nil,
                    meeting: booking.meeting.occurrence(at: occurrence.regularTime, occurrence.change))
            }
            for original in series.recurrence.cancelled where series.has(original) {
                guard let time = series.regularTime(of: original), time.span.overlaps(span) else { continue }
                listed.append(
                    ListedOccurrence(
                        original: original, isCancelled: true, isChanged: false,
                        meeting: booking.meeting.occurrence(at: time, nil)))
            }
            listed.sort { ($0.meeting.span.start, $0.original) < ($1.meeting.span.start, $1.original) }
            return (booking, listed)
        }
    }
}
