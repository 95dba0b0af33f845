import CalendarModel
import CalendarTime
import ICalendar
import LoopBooking
import SQLStore
import SyncEngine

/// Finds bookings by what people remember of them: words of the subject, who booked, the room, the day, or an id of either
/// side. What a link's policy or a meeting's privacy hides is neither shown nor found.
package struct BookingFinder: Sendable {
    package struct Query: Sendable {
        package var text: String
        package var room: RoomID?
        package var from: Instant?
        package var to: Instant?
        package var after: BookingSearch.Place?
        package var limit: Int

        package init(
            _ text: String = "", room: RoomID? = nil, from: Instant? = nil, to: Instant? = nil,
            after: BookingSearch.Place? = nil, limit: Int = 50
        ) {
            self.text = text
            self.room = room
            self.from = from
            self.to = to
            self.after = after
            self.limit = limit
        }
    }

    package struct Found: Sendable, Hashable {
        package var booking: Booking
        package var room: RoomName
        package var title: String
        package var isPrivate: Bool
        package var organizer: String?
        /// Of a series the next occurrence after the time that was asked for, when there is one.
        package var span: TimeSpan
    }

    package struct Answer: Sendable {
        package var found: [Found]
        /// Rooms whose name has the text in it.
        package var rooms: [RoomName]
        /// Behind which the next page begins; nil on the last one.
        package var next: BookingSearch.Place?
    }

    private let organization: OrganizationID
    private let store: Store

    package init(organization: OrganizationID, store: Store) {
        self.organization = organization
        self.store = store
    }

    /// - Parameter known: the organization's rooms, when the caller has read them already.
    package func find(_ query: Query, among known: [RoomName]? = nil) async throws -> Answer {
        let names: [RoomName] =
            if let known { known } else { try await store.roomNames(of: organization) }
        let rooms = Dictionary(names.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        let text = BookingSearch.folded(query.text)
        let called =
            text.isEmpty
            ? [] : names.filter { !$0.isRemoved && $0.key.contains(text) }
        var search = BookingSearch(
            query.text, room: query.room, from: query.from, to: query.to, after: query.after, limit: query.limit + 1)
        var byID: [FoundBooking] = []
        // A short word of letters is nobody's id.
        let mayBeID = text.count >= 20 || !text.allSatisfy(\.isLetter)
        if !text.isEmpty, mayBeID, search.words.count == 1, query.after == nil {
            byID = try await store.bookings(
                calledByID: query.text.trimmingWhitespace, of: organization)
        }
        var candidates = try await store.search(search, of: organization)
        var words = search.words
        if candidates.isEmpty, byID.isEmpty, called.count == 1, query.room == nil, let only = called.first {
            // Nobody's subject: the room itself was meant.
            search = BookingSearch("", room: only.id, from: query.from, to: query.to, limit: query.limit + 1)
            candidates = try await store.search(search, of: organization)
            words = []
        }
        let page = candidates.prefix(query.limit)
        var found = byID.compactMap { show($0.booking, rooms, words: [], from: query.from) }
        let known = Set(found.map(\.booking.id))
        found += page.filter { !known.contains($0.booking.id) }
            .compactMap { show($0.booking, rooms, words: words, from: query.from) }
        return Answer(found: found, rooms: called, next: candidates.count > query.limit ? page.last?.place : nil)
    }

    /// Nil when what was looked for is hidden.
    private func show(
        _ booking: Booking, _ rooms: [RoomID: RoomName], words: [String], from: Instant?
    ) -> Found? {
        guard let room = rooms[booking.room] else { return nil }
        let meeting = booking.meeting
        let title = Privacy.title(of: meeting, policy: room.content)
        let person = Privacy.organizer(of: meeting, policy: room.content)
        if !words.isEmpty, room.content != .everything || meeting.sensitivity.hidesContent {
            let shown = BookingSearch.folded("\(title) \(person?.name ?? "") \(person?.address ?? "")")
            guard words.allSatisfy(shown.contains) else { return nil }
        }
        return Found(
            booking: booking, room: room, title: title,
            isPrivate: meeting.sensitivity.hidesContent && room.content == .everything,
            organizer: person.map { $0.name.isEmpty ? $0.address : $0.name },
            span: Self.span(of: meeting, zone: room.zone, from: from))
    }

    private static func span(of meeting: Meeting, zone: ZoneID, from: Instant?) -> TimeSpan {
        guard let from, meeting.span.end <= from, let series = Series(meeting, roomZone: zone) else {
            return meeting.span
        }
        let window = TimeSpan(start: from, end: from.advanced(by: .seconds(62 * 86_400)))
        return series.occurrences(in: window).first?.span ?? meeting.span
    }
}

extension String {
    fileprivate var trimmingWhitespace: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
