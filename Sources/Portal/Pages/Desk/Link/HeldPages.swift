import CalendarModel
import CalendarTime
import HTTPTypes
import Hummingbird
import SQLStore
import SyncEngine
import SyncService

/// A link that stopped because very many meetings vanished at once: which ones, and the three ways on. Each way has a page of
/// its own that says what it will do before it does it.
enum HeldPages {
    static let all: [PageRoute] = [
        PageRoute.of(.get, "links/{link}/held", .desk, handler: list),
        PageRoute.of(.get, "links/{link}/held/{way}", .desk) { request in
            let (record, way) = try await asked(request)
            guard case .held = record.link.state else { return try over(request, record) }
            return try await confirmation(request, record, way, isChanged: false)
        },
        PageRoute.of(.post, "links/{link}/held/{way}", .desk, handler: decide),
    ]

    private enum Way: String, CaseIterable {
        case again, accept, restore

        var deletions: LinkDesk.HeldDeletions? {
            switch self {
            case .again: nil
            case .accept: .accept
            case .restore: .restore
            }
        }
    }

    private static func asked(_ request: PageRequest) async throws -> (LinkRecord, Way) {
        guard let way = Way(rawValue: try request.parameter("way")) else { throw Problem.notFound("") }
        return (try await request.link(), way)
    }

    @Sendable private static func list(_ request: PageRequest) async throws -> Response {
        let record = try await request.link()
        guard case .held(let held) = record.link.state else { return try over(request, record) }
        let vanished = try await request.linkDesk().vanished(from: record.link.id)
        let ways: [JSONValue] = try Way.allCases.map { way in
            [
                "name": .string(request.words["held.\(way.rawValue)"]),
                "text": .string(request.words["held.\(way.rawValue).text"]),
                "path": .string(try request.linkPath(of: record, "held/\(way.rawValue)")),
            ]
        }
        return request.page(
            "held", title: request.words["held.title"], section: "dashboard",
            [
                "room": .string(record.link.roomName), "rooms": .string(try request.path()),
                "roomPath": .string(try request.roomPath(of: record)),
                "resource": .string(record.link.resourceAddress),
                "text": .string(
                    request.words(
                        "held.text",
                        [
                            "vanished": String(held.vanished), "of": String(held.of),
                            "share": String(Int((record.link.policy.massDeletionShare * 100).rounded())),
                        ])), "ways": .array(ways), "meetings": try meetings(vanished, request, record),
                "hasMeetings": .bool(!vanished.isEmpty),
            ])
    }

    private static func meetings(
        _ vanished: [VanishedMeeting], _ request: PageRequest, _ record: LinkRecord
    ) throws -> JSONValue {
        let times = request.times(in: record.link.roomZone)
        return .array(
            try vanished.map { meeting in
                let start = try? Timestamps.parseRFC3339(meeting.start)
                let end = try? Timestamps.parseRFC3339(meeting.end)
                let when = start.flatMap { start in end.map { times.span(TimeSpan(start: start, end: $0)) } }
                return [
                    "title": .string(meeting.title), "organizer": .optional(meeting.organizer),
                    "when": .string(when ?? meeting.start), "isSeries": .bool(meeting.isSeries),
                    "path": .string(try request.path("bookings/\(Form.encoded(meeting.booking))")),
                    "origin": .string(request.words["side.\(meeting.origin)"]),
                    "side": meeting.origin == Side.calendar.rawValue ? "side-calendar" : "side-loop",
                ]
            })
    }

    /// - Parameter isChanged: the list is another one than the one that was agreed to.
    private static func confirmation(
        _ request: PageRequest, _ record: LinkRecord, _ way: Way, isChanged: Bool
    ) async throws -> Response {
        let count = try await request.linkDesk().vanished(from: record.link.id).count
        return request.page(
            "held-confirm", title: request.words["held.\(way.rawValue)"], section: "dashboard",
            status: isChanged ? .conflict : .ok,
            [
                "room": .string(record.link.roomName), "rooms": .string(try request.path()),
                "roomPath": .string(try request.roomPath(of: record)),
                "held": .string(try request.linkPath(of: record, "held")),
                "action": .string(try request.linkPath(of: record, "held/\(way.rawValue)")),
                "heading": .string(request.words["held.\(way.rawValue)"]),
                "question": .string(request.words.counted("held.\(way.rawValue).question", count)),
                "button": .string(request.words.counted("held.\(way.rawValue).button", count)),
                "isDanger": .bool(way == .accept), "count": .integer(Int64(count)), "isChanged": .bool(isChanged),
            ])
    }

    @Sendable private static func decide(_ request: PageRequest) async throws -> Response {
        let (record, way) = try await asked(request)
        guard case .held = record.link.state else { return try over(request, record) }
        let count = try await request.linkDesk().vanished(from: record.link.id).count
        // Somebody agreed to so many; if it is another number by now, they are asked again.
        guard way == .again || Int(request.form.line("count")) == count else {
            return try await confirmation(request, record, way, isChanged: true)
        }
        do { _ = try await request.linkDesk().resume(record.link.id, deletions: way.deletions) } catch LinkDeskError
            .notHeld
        { return try over(request, record) }
        try await request.audit("link.held.\(way.rawValue)", record.link.title, detail: "\(count) meetings")
        return request.redirect(
            try request.roomPath(of: record),
            notice: PageNotice(.success, request.words["held.\(way.rawValue).done"]))
    }

    /// Somebody else was faster.
    private static func over(_ request: PageRequest, _ record: LinkRecord) throws -> Response {
        request.redirect(
            try request.roomPath(of: record), notice: PageNotice(.info, request.words["held.over"]))
    }
}
