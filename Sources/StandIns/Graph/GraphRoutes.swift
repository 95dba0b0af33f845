import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Puts Microsoft Graph at `/v1.0/…`.
///
/// - Parameters:
///   - router: Where the routes go; middleware for logs and faults is the caller's.
///   - world: The state that is served.
///   - pause: Waits as long as `GraphQuirks.processingMilliseconds` asks for.
package func addGraphRoutes<Context: RequestContext>(
    to router: Router<Context>, world: World,
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await ContinuousClock().sleep(for: $0) }
) {
    let service = GraphService(world: world, pause: pause)
    for method in [HTTPRequest.Method.get, .post, .patch, .put, .delete] {
        router.on("/v1.0/**", method: method) { request, _ -> Response in
            let read = try await graphRequest(request, world)
            let reply = try await service.answer(read)
            return response(reply, to: read)
        }
    }
}

private func graphRequest(_ request: Request, _ world: World) async throws -> GraphRequest {
    var headers: [String: String] = [:]
    for field in request.headers {
        let name = field.name.canonicalName
        headers[name] = headers[name].map { "\($0), \(field.value)" } ?? field.value
    }
    let body = try await request.body.collect(upTo: 4 << 20)
    let path = String(request.uri.path.dropFirst("/v1.0".count))
    return GraphRequest(
        method: request.method, segments: GraphRequest.segments(of: path), path: path,
        query: GraphQuery(request.uri.query ?? ""), base: "http://\(request.head.authority ?? "127.0.0.1")/v1.0",
        headers: headers, body: Data(body.readableBytesView),
        trace: await world.graphTrace(clientRequestID: headers["client-request-id"]))
}

private func response(_ reply: GraphReply, to request: GraphRequest) -> Response {
    var headers = HTTPFields()
    func set(_ name: String, _ value: String) {
        if let name = HTTPField.Name(name) { headers[name] = value }
    }
    set("Cache-Control", "private")
    set("request-id", request.trace.requestID)
    set("client-request-id", request.trace.clientRequestID)
    set("OData-Version", "4.0")
    for header in reply.headers { set(header.name, header.value) }
    guard let body = reply.body else {
        return Response(status: .init(code: reply.status), headers: headers)
    }
    set(
        "Content-Type",
        "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8")
    return Response(
        status: .init(code: reply.status), headers: headers,
        body: ResponseBody(byteBuffer: ByteBuffer(string: body.encoded)))
}
