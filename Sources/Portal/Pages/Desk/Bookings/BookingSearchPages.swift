import CalendarModel
import CalendarTime
import HTTPTypes
import Hummingbird
import LoopBooking
import SQLStore
import SyncEngine
import SyncService

/// Looking for a booking. The answer has an address of its own.
enum BookingSearchPages {
    static let all: [PageRoute] = [PageRoute.of(.get, "bookings", .read, handler: page)]

    @Sendable private static func page(_ request: PageRequest) async throws -> Response {
        let organization = try request.organization().id
        let now = request.services.now()
        let all = try await request.store.roomNames(of: organization)
        let names = all.filter { !$0.isRemoved }
        let room = request.query("room").flatMap { id in names.first { $0.id.rawValue == id } }
        let zone = room?.zone ?? names.first?.zone ?? .utc
        let today = Zones.date(of: now, in: zone) ?? CivilDate(year: 1970, month: 1, day: 1)
        let date = request.query("from").flatMap { try? Timestamps.parseDate($0) } ?? today
        let text = String((request.query("q") ?? "").prefix(200))
        let answer = try await BookingFinder(organization: organization, store: request.store).find(
            BookingFinder.Query(
                text, room: room?.id, from: Zones.startOfDay(date, in: zone), after: place(request.query("after"))),
            among: all)
        let base = try request.path()
        var address = "\(base)/bookings?from=\(date)&"
        if !text.isEmpty { address += "q=\(Form.encoded(text))&" }
        if let room { address += "room=\(Form.encoded(room.id.rawValue))&" }
        let next = answer.next.map { "\(address)after=\($0.start.microseconds).\(Form.encoded($0.id.rawValue))" }
        return request.page(
            "bookings", title: request.words["bookings.title"], section: "bookings",
            [
                "q": .string(text), "from": .string(date.description), "hasText": .bool(!text.isEmpty),
                "options": .string(options(names, chosen: room?.id)),
                "found": .array(answer.found.map { row($0, request, base) }),
                "isFound": .bool(!answer.found.isEmpty), "next": .optional(next),
                "rooms": .array(
                    answer.rooms.prefix(5).map { room in
                        [
                            "name": .string(room.name),
                            "path": .string("\(base)/rooms/\(Form.encoded(room.id.rawValue))"),
                            "bookings": .string(
                                "\(base)/bookings?room=\(Form.encoded(room.id.rawValue))&from=\(date)"),
                        ]
                    }), "hasRooms": .bool(!answer.rooms.isEmpty),
            ])
    }

    /// As HTML: a template takes long for hundreds of rooms.
    private static func options(_ names: [RoomName], chosen: RoomID?) -> String {
        names.map { name in
            let value = PageTemplates.escaped(name.id.rawValue)
            let selected = name.id == chosen ? " selected" : ""
            return "<option value=\"\(value)\"\(selected)>\(PageTemplates.escaped(name.name))</option>"
        }.joined()
    }

    private static func row(_ found: BookingFinder.Found, _ request: PageRequest, _ base: String) -> JSONValue {
        let times = request.times(in: found.room.zone)
        return [
            "path": .string("\(base)/bookings/\(Form.encoded(found.booking.id.rawValue))"),
            "title": .string(found.isPrivate ? request.words["desk.private"] : found.title),
            "isPrivate": .bool(found.isPrivate), "organizer": .optional(found.organizer),
            "when": .string(times.span(found.span)), "room": .string(found.room.name),
            "roomPath": found.room.isRemoved
                ? .null : .string("\(base)/rooms/\(Form.encoded(found.room.id.rawValue))"),
            "isSeries": .bool(found.booking.meeting.recurrence != nil),
            "side": found.booking.origin == .calendar ? "side-calendar" : "side-loop",
            "origin": .string(request.words["side.\(found.booking.origin.rawValue)"]),
            "status": request.status(found.booking.status),
        ]
    }

    private static func place(_ text: String?) -> BookingSearch.Place? {
        guard let parts = text?.split(separator: ".", maxSplits: 1), parts.count == 2, let start = Int64(parts[0])
        else { return nil }
        return BookingSearch.Place(start: Instant(microseconds: start), id: BookingID(String(parts[1])))
    }
}

extension PageRequest {
    func status(_ status: Booking.Status) -> JSONValue {
        let (kind, icon) =
            switch status {
            case .confirmed: ("good", "in-sync")
            case .pending: ("catchingUp", "clock")
            case .refused: ("bad", "cross-circle")
            case .cancelled: ("neutral", "minus")
            }
        return mark(kind, icon: icon, words["booking.status.\(status.rawValue)"])
    }
}
