import CalendarModel
import CalendarTime
import HTTPTypes
import Hummingbird
import LoopBooking
import SQLStore
import SyncEngine
import SyncService

/// Coming bookings whose organizer is gone: rooms that stay blocked for people who left.
enum LeaverPages {
    static let all: [PageRoute] =
        [
            PageRoute.of(.get, "leavers", .desk) { request in
                try await page(request, try await desk(request).last())
            },
            PageRoute.of(.post, "leavers/look", .desk, handler: look),
        ] + LeaverActPages.all

    static func desk(_ request: PageRequest) throws -> LeaverDesk {
        LeaverDesk(
            organization: try request.organization().id, store: request.store, desk: try request.desk(),
            connectors: request.services.connectors, now: request.services.now)
    }

    /// Asking the directories takes seconds; what they answered is kept, so that the page can be looked at again.
    @Sendable private static func look(_ request: PageRequest) async throws -> Response {
        let answer = try await desk(request).look()
        try await request.audit("leavers.look", "", detail: "\(answer.people.count) people")
        return request.redirect(
            try request.path("leavers"),
            notice: PageNotice(.success, request.words.counted("leavers.looked", answer.people.count)))
    }

    private static func page(_ request: PageRequest, _ answer: LeaverDesk.Answer?) async throws -> Response {
        let words = request.words
        let base = try request.path()
        let now = request.services.now()
        var values: [String: JSONValue] = [
            "look": .string("\(base)/leavers/look"), "may": request.may, "people": [], "isAsked": .bool(answer != nil),
            "hasPeople": .bool(answer?.people.isEmpty == false), "summary": .null, "obstacles": [],
            "mayBook": .bool(request.permissions.contains(.book)),
        ]
        if let answer {
            values["summary"] = .string(
                words(
                    "leavers.summary",
                    [
                        "ago": request.times(in: .utc).ago(answer.askedAt, now: now), "asked": String(answer.asked),
                        "unknown": String(answer.unknown),
                    ]))
            values["obstacles"] = .array(answer.obstacles.map(request.problem))
            values["people"] = .array(answer.people.map { person($0, request, base) })
        }
        return request.page("leavers", title: words["leavers.title"], section: "leavers", values)
    }

    private static func person(_ leaver: LeaverDesk.Leaver, _ request: PageRequest, _ base: String) -> JSONValue {
        let query = "?person=\(Form.encoded(leaver.person.address))"
        return [
            "name": .string(leaver.person.name.isEmpty ? leaver.person.address : leaver.person.name),
            "address": .string(leaver.person.address),
            "status": request.mark(
                leaver.presence == .gone ? "bad" : "warning", icon: "leaver",
                request.words["leavers.\(leaver.presence.rawValue)"]),
            "bookings": .array(leaver.bookings.map { booking($0, request, base) }),
            "hand": leaver.bookings.contains(where: \.canBeHandedOver)
                ? .string("\(base)/leavers/hand\(query)") : .null,
            "cancel": .string("\(base)/leavers/cancel\(query)"),
        ]
    }

    static func booking(_ held: LeaverDesk.Held, _ request: PageRequest, _ base: String) -> JSONValue {
        [
            "id": .string(held.booking.id.rawValue),
            "path": .string("\(base)/bookings/\(Form.encoded(held.booking.id.rawValue))"),
            "title": .string(held.isPrivate ? request.words["desk.private"] : held.title),
            "when": .string(request.times(in: held.room.zone).span(held.booking.meeting.span)),
            "room": .string(held.room.name), "isSeries": .bool(held.booking.meeting.recurrence != nil),
            "isTheirs": .bool(!held.canBeHandedOver),
        ]
    }
}
