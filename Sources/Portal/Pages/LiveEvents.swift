import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore
import ServiceLifecycle

/// Tells open pages that something changed in their organization (server-sent events). It says only *that*; the page is
/// fetched again, so that what is shown has been through the same checks as ever.
enum LiveEvents {
    static let all: [PageRoute] = [PageRoute.of(.get, "events", .read, handler: events)]

    /// How often the database is asked.
    private static let pause: Duration = .seconds(1)
    /// After so many questions without news a comment keeps the connection open.
    private static let quiet = 15
    /// A connection is closed after this time; the browser opens it again, and the session is checked anew.
    private static let longest: Duration = .seconds(600)

    @Sendable private static func events(_ request: PageRequest) async throws -> Response {
        let organization = try request.organization().id
        let services = request.services
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(string: "retry: 2000\n: open\n\n"))
            let end = services.now().advanced(by: longest)
            var last = try await services.store.changeMark(of: organization)
            var silence = 0
            while services.now() < end {
                // When the service is to end, it does not wait for pages that are open.
                do { try await cancelWhenGracefulShutdown { try await services.sleep(pause) } } catch { break }
                let mark = try await services.store.changeMark(of: organization)
                if mark != last {
                    last = mark
                    silence = 0
                    try await writer.write(ByteBuffer(string: "event: change\ndata: {}\n\n"))
                } else {
                    silence += 1
                    if silence % quiet == 0 { try await writer.write(ByteBuffer(string: ": quiet\n\n")) }
                }
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    }
}
