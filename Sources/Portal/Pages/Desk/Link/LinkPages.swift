import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore
import SyncEngine
import SyncService

/// What is done to a link: pause, resume, read again, run a pass now. Each leads back to the room's page.
enum LinkPages {
    static let all: [PageRoute] =
        [
            PageRoute.of(.get, "links/{link}", .read) { request in
                request.redirect(try request.roomPath(of: try await request.link()), notice: request.notice)
            },
            PageRoute.of(.post, "links/{link}/pause", .desk, handler: pause),
            PageRoute.of(.post, "links/{link}/resume", .desk, handler: resume),
            PageRoute.of(.post, "links/{link}/again", .desk, handler: readAgain),
            PageRoute.of(.post, "links/{link}/sync", .desk, handler: sync),
            PageRoute.of(.post, "links/{link}/canary", .desk, handler: sendCanary),
        ] + PolicyPages.all

    /// How long a page waits for a pass that is under way.
    static let patience: Duration = .seconds(20)

    @Sendable private static func pause(_ request: PageRequest) async throws -> Response {
        let record = try await request.link()
        _ = try await request.linkDesk().pause(record.link.id)
        try await request.audit("link.pause", record.link.title)
        return try request.done(record, "link.paused")
    }

    @Sendable private static func resume(_ request: PageRequest) async throws -> Response {
        let record = try await request.link()
        _ = try await request.linkDesk().resume(record.link.id)
        try await request.audit("link.resume", record.link.title)
        return try request.done(record, "link.resumed")
    }

    @Sendable private static func readAgain(_ request: PageRequest) async throws -> Response {
        let record = try await request.link()
        do { _ = try await request.linkDesk().readAgain(record.link.id) } catch LinkDeskError.notActive {
            return try request.done(record, "link.notActive", .warning)
        }
        try await request.audit("link.readAgain", record.link.title)
        return try request.done(record, "link.readingAgain")
    }

    @Sendable private static func sync(_ request: PageRequest) async throws -> Response {
        let record = try await request.link()
        let report: PassReport?
        do {
            report = try await request.linkDesk().sync(record.link.id, patience: patience)
        } catch LinkDeskError.notActive {
            return try request.done(record, "link.notActive", .warning)
        } catch is LinkIsBusy {
            return try request.done(record, "link.busy", .warning)
        }
        try await request.audit("link.sync", record.link.title)
        guard let report else { return request.redirect(try request.path()) }
        if report.hold != nil { return try request.done(record, "link.passed.held", .warning) }
        if report.problem != nil { return try request.done(record, "link.passed.failed", .error) }
        guard !report.steps.isEmpty else { return try request.done(record, "link.passed.quiet") }
        let text = request.words.counted("link.passed", report.steps.count)
        return request.redirect(try request.roomPath(of: record), notice: PageNotice(.success, text))
    }
}

extension LinkPages {
    /// A round trip takes up to two minutes; the page does not wait for it. One at a time is enough.
    @Sendable private static func sendCanary(_ request: PageRequest) async throws -> Response {
        let record = try await request.link()
        let newest = try await request.store.canaryRuns(of: record.link.id, limit: 1).first
        guard newest?.outcome != .underWay else { return try request.done(record, "canary.already", .info) }
        try await request.audit("link.canary", record.link.title)
        await request.services.launchCanary(record.link.id, logger: request.context.logger)
        return try request.done(record, "canary.sent", .info)
    }
}

extension PageRequest {
    /// The link in the address.
    /// - Throws: a 404, also for links of other organizations.
    func link() async throws -> LinkRecord {
        let id = LinkID(try parameter("link"))
        guard let record = try await store.link(id, of: try organization().id) else {
            throw Problem.notFound("There is no link \(id.rawValue.prefix(64)).")
        }
        return record
    }

    func linkDesk() throws -> LinkDesk { services.linkDesk(of: try organization().id) }

    func roomPath(of record: LinkRecord) throws -> String {
        try path("rooms/\(Form.encoded(record.link.room.rawValue))")
    }

    func linkPath(of record: LinkRecord, _ rest: String = "") throws -> String {
        try path("links/\(Form.encoded(record.link.id.rawValue))\(rest.isEmpty ? "" : "/\(rest)")")
    }

    fileprivate func done(
        _ record: LinkRecord, _ key: String, _ kind: PageNotice.Kind = .success
    ) throws -> Response {
        redirect(
            try roomPath(of: record), notice: PageNotice(kind, words(key, ["room": record.link.roomName])))
    }
}
