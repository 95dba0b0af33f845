import HTTPTypes
import Hummingbird
import SQLStore

/// One address of the REST API, below `/api/v1`, for callers with a token.
package struct APIRoute: Sendable {
    package static let prefix = "/api/v1"

    package let method: HTTPRequest.Method
    /// Such as `/rooms/{id}`.
    package let path: String
    /// What the token must be allowed.
    package let permission: Permission
    /// What it is, for the OpenAPI document; an address without one is not in it.
    package let operation: APIOperation?
    package let handler: @Sendable (APIRequest) async throws -> APIReply

    /// - Parameter permission: `read` for GET, `book` for everything else, unless it is said.
    package init(
        _ method: HTTPRequest.Method, _ path: String, permission: Permission? = nil, _ operation: APIOperation? = nil,
        handler: @escaping @Sendable (APIRequest) async throws -> APIReply
    ) {
        self.method = method
        self.path = path
        self.permission = permission ?? (method == .get ? .read : .book)
        self.operation = operation
        self.handler = handler
    }
}

/// What a route answers.
package struct APIReply: Sendable {
    package var status: HTTPResponse.Status
    package var headers: HTTPFields
    /// No body when nil.
    package var body: JSONValue?

    package init(_ body: JSONValue?, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package static let noContent = APIReply(nil, status: .noContent)

    func response() throws -> Response {
        var headers = headers
        // What is booked changes by the minute and is not for everybody.
        headers[.cacheControl] = "private, no-cache"
        guard let body else { return Response(status: status, headers: headers) }
        headers[.contentType] = "application/json"
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: try body.text)))
    }
}
