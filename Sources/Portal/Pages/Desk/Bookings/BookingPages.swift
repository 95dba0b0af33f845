import CalendarModel
import CalendarTime
import HTTPTypes
import Hummingbird
import LoopBooking
import SQLStore
import SyncEngine
import SyncService

/// One booking: how it stands on both sides, its story, and how to cancel it.
enum BookingPages {
    static let all: [PageRoute] = [
        PageRoute.of(.get, "bookings/{id}", .read, handler: page),
        PageRoute.of(.get, "bookings/{id}/cancel", .book) { request in
            try await confirmation(request, try await booking(request))
        },
        PageRoute.of(.post, "bookings/{id}/cancel", .book, handler: cancel),
    ]

    private static func booking(_ request: PageRequest) async throws -> Booking {
        try await request.desk().booking(BookingID(try request.parameter("id")))
    }

    @Sendable private static func page(_ request: PageRequest) async throws -> Response {
        let organization = try request.organization().id
        let booking = try await booking(request)
        let desk = try request.desk()
        let names = try await request.store.roomNames(of: organization)
        let room = names.first { $0.id == booking.room }
        let link = try await request.store.link(ofRoom: booking.room, in: organization)
        var counterpart: Counterpart?
        if let link { counterpart = try await request.store.counterpart(of: booking.id, link: link.link.id) }
        let view = BookingView(booking, room: room, counterpart: counterpart, request: request)
        let story = try await BookingStory.read(
            booking.id, organization: organization, store: request.store, desk: desk)
        let base = try request.path()
        let title = view.title
        return request.page(
            "booking", title: title, section: "bookings", live: true,
            [
                "title": .string(title), "bookings": .string("\(base)/bookings"),
                "room": .string(room?.name ?? booking.room.rawValue),
                "roomPath": room.map { $0.isRemoved } == false
                    ? .string("\(base)/rooms/\(Form.encoded(booking.room.rawValue))?date=\(view.day)") : .null,
                "lead": .string(view.when), "status": request.status(booking.status), "here": view.here,
                "there": view.there, "isLinked": .bool(link != nil), "reason": .optional(booking.reason),
                "cancel": mayCancel(booking, request)
                    ? .string("\(base)/bookings/\(Form.encoded(booking.id.rawValue))/cancel") : .null,
                "story": .array(story.map { line(view.times, $0) }),
            ])
    }

    private static func line(_ times: TimeWriter, _ line: BookingStory.Line) -> JSONValue {
        let at = (try? Timestamps.parseRFC3339(line.at)).map(times.moment) ?? line.at
        return [
            "at": .string(line.at), "when": .string(at), "who": .string(line.who == "sync" ? "Sync" : line.who),
            "what": .string(line.what),
        ]
    }

    /// LoopBooking's own bookings; a meeting that was made in the calendar is cancelled there.
    private static func mayCancel(_ booking: Booking, _ request: PageRequest) -> Bool {
        request.permissions.contains(.book) && booking.origin == .loopBooking && booking.status.holdsRoom
    }

    // MARK: Cancelling

    private static func confirmation(
        _ request: PageRequest, _ booking: Booking, reason: String = "", complaints: [String: String] = [:],
        isChanged: Bool = false
    ) async throws -> Response {
        let names = try await request.store.roomNames(of: try request.organization().id)
        let room = names.first { $0.id == booking.room }
        let view = BookingView(booking, room: room, counterpart: nil, request: request)
        let base = try request.path()
        let path = "\(base)/bookings/\(Form.encoded(booking.id.rawValue))"
        guard mayCancel(booking, request) else {
            return request.redirect(path, notice: PageNotice(.info, request.words["booking.cannotCancel"]))
        }
        return request.page(
            "booking-cancel", title: request.words["booking.cancel"], section: "bookings",
            status: isChanged ? .conflict : complaints.isEmpty ? .ok : .unprocessableContent,
            [
                "title": .string(view.title), "when": .string(view.when), "bookings": .string("\(base)/bookings"),
                "room": .string(room?.name ?? booking.room.rawValue), "path": .string(path),
                "isSeries": .bool(booking.meeting.recurrence != nil), "revision": .integer(booking.revision),
                "reason": .string(reason), "reasonError": .optional(complaints["reason"]),
                "errors": complaints.errorSummary, "isChanged": .bool(isChanged),
            ])
    }

    @Sendable private static func cancel(_ request: PageRequest) async throws -> Response {
        let booking = try await booking(request)
        let reason = request.form.line("reason")
        guard mayCancel(booking, request) else { return try await confirmation(request, booking) }
        do {
            _ = try await request.desk().cancel(
                booking.id, ifRevision: Int64(request.form.line("revision")) ?? 0, by: try request.author(),
                reason: reason.isEmpty ? nil : reason)
        } catch DeskError.changed {
            return try await confirmation(
                request, try await Self.booking(request), reason: reason, isChanged: true)
        } catch DeskError.rulesBroken(let violations) {
            return try await confirmation(
                request, booking, reason: reason,
                complaints: ["reason": violations.map(\.message).joined(separator: " ")])
        }
        request.services.bell.ring()
        try await request.audit("booking.cancel", booking.id.rawValue)
        return request.redirect(
            try request.path("bookings/\(Form.encoded(booking.id.rawValue))"),
            notice: PageNotice(.success, request.words["booking.cancelled"]))
    }
}
