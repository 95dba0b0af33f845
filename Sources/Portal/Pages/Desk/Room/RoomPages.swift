import CalendarModel
import CalendarTime
import HTTPTypes
import Hummingbird
import LoopBooking
import SQLStore
import SyncEngine
import SyncService

/// One room: its day on both sides, its link's condition, policy and story.
enum RoomPages {
    static let all: [PageRoute] = [PageRoute.of(.get, "rooms/{room}", .read, handler: page)]

    private static let historyLength = 20

    @Sendable private static func page(_ request: PageRequest) async throws -> Response {
        let organization = try request.organization().id
        let desk = try request.desk()
        let room = try await desk.room(RoomID(try request.parameter("room")))
        let link = try await request.store.link(ofRoom: room.id, in: organization)
        let now = request.services.now()
        let today = Zones.date(of: now, in: room.zone) ?? CivilDate(year: 1970, month: 1, day: 1)
        let date = request.query("date").flatMap { try? Timestamps.parseDate($0) } ?? today
        let day = try await RoomDay.read(room, on: date, link: link, store: request.store, desk: desk, now: now)
        let base = try request.path()
        let line = DayTimeLine(day, words: request.words, now: now) { booking in
            "\(base)/bookings/\(Form.encoded(booking.rawValue))"
        }
        let times = request.times(in: room.zone)
        let path = "\(base)/rooms/\(Form.encoded(room.id.rawValue))"
        func other(_ days: Int) -> JSONValue {
            let date = Zones.date(date, addingDays: days)
            return ["path": .string("\(path)?date=\(date)"), "text": .string(times.short(date))]
        }
        var values: [String: JSONValue] = [
            "may": request.may, "room": .string(room.name), "rooms": .string(base), "path": .string(path),
            "dayTitle": .string("\(room.name), \(times.date(date))"), "date": .string(date.description),
            "previous": other(-1), "next": other(1), "isToday": .bool(date == today), "line": line.values,
            "zone": .string(room.zone.name), "location": room.location.isEmpty ? .null : .string(room.location),
            "capacity": .optional(room.capacity), "setup": .string("\(base)/setup"), "link": .null, "lead": .null,
            "history": [], "latency": ["isThere": false], "canary": .null,
        ]
        if let link {
            let view = LinkView(link, request: request, base: base, now: now)
            values["link"] = view.values
            values["lead"] = .string(view.lead)
            let measures = RoomMeasures(link, request: request, now: now)
            values["latency"] = try await measures.latency()
            values["canary"] = try await measures.canary()
            values["history"] = .array(
                try await request.store.history(of: link.link.id, limit: historyLength).map { entry in
                    [
                        "at": .string(Timestamps.rfc3339(entry.at)), "when": .string(times.moment(entry.at)),
                        "sentence": .string(entry.sentence),
                        "path": entry.booking.map { .string("\(base)/bookings/\(Form.encoded($0.rawValue))") } ?? .null,
                    ]
                })
        }
        return request.page("room", title: room.name, section: "dashboard", live: true, values)
    }
}
