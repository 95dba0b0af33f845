import HTTPTypes
import Hummingbird
import LoopBooking
import SQLStore

/// An error as the REST API answers it (RFC 9457).
package struct Problem: Error, Hashable, Sendable {
    package var status: HTTPResponse.Status
    /// A stable name for programs, such as `slot-taken`.
    package var code: String
    package var title: String
    /// What happened, what it means and what to do next.
    package var detail: String
    /// One entry a field that is wrong.
    package var errors: [RuleViolation]
    /// Further members of the body.
    package var members: [String: JSONValue]
    package var headers: HTTPFields

    package init(
        _ status: HTTPResponse.Status, code: String, title: String, detail: String, errors: [RuleViolation] = [],
        members: [String: JSONValue] = [:], headers: HTTPFields = [:]
    ) {
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.errors = errors
        self.members = members
        self.headers = headers
    }

    /// The body, with the id by which the request is found in the log.
    func body(requestID: String) -> JSONValue {
        var fields = members
        fields["type"] = .string("urn:loopbooking:problem:\(code)")
        fields["title"] = .string(title)
        fields["status"] = .integer(Int64(status.code))
        fields["detail"] = .string(detail)
        fields["code"] = .string(code)
        fields["requestId"] = .string(requestID)
        if !errors.isEmpty {
            fields["errors"] = .array(
                errors.map { error in
                    ["field": .string(error.field), "code": .string(error.code), "message": .string(error.message)]
                })
        }
        return .object(fields)
    }

    func response(requestID: String) -> Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        let text = (try? body(requestID: requestID).text) ?? ""
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

extension Problem {
    package static func badRequest(_ code: String, _ detail: String, errors: [RuleViolation] = []) -> Problem {
        Problem(.badRequest, code: code, title: "The request cannot be read", detail: detail, errors: errors)
    }

    /// A body whose fields are of the wrong kind, unknown or missing.
    package static func invalidFields(_ errors: [RuleViolation]) -> Problem {
        badRequest(
            "invalid-body", "The request's body is not of the expected form; errors names each field.", errors: errors)
    }

    package static func notFound(_ detail: String) -> Problem {
        Problem(.notFound, code: "not-found", title: "Not found", detail: detail)
    }

    static func methodNotAllowed(_ methods: [String]) -> Problem {
        let list = methods.joined(separator: ", ")
        return Problem(
            .methodNotAllowed, code: "method-not-allowed", title: "Method not allowed",
            detail: "This address answers to \(list).", headers: [.allow: list])
    }

    static func tooLarge(limit: Int) -> Problem {
        Problem(
            .contentTooLarge, code: "body-too-large", title: "The body is too large",
            detail: "A request's body may have at most \(limit) bytes.")
    }

    static let unsupportedMediaType = Problem(
        .unsupportedMediaType, code: "unsupported-media-type", title: "Not JSON",
        detail: "Send the body as JSON, with the header Content-Type: application/json.")

    /// - Parameter isPresent: whether a token came with the request.
    static func unauthorized(isPresent: Bool) -> Problem {
        Problem(
            .unauthorized, code: isPresent ? "invalid-token" : "token-missing", title: "Not signed in",
            detail: isPresent
                ? "The access token is unknown or was revoked. Get a new one with: loopsync token add --name NAME"
                : "Send an access token: Authorization: Bearer TOKEN. Get one with: loopsync token add --name NAME",
            headers: [
                .wwwAuthenticate: isPresent
                    ? #"Bearer realm="loopbooking", error="invalid_token""# : #"Bearer realm="loopbooking""#
            ])
    }

    /// The token is good, but for something else.
    static func missingScope(_ permission: Permission) -> Problem {
        Problem(
            .forbidden, code: "missing-scope", title: "The token may not do this",
            detail:
                "This address needs a token with the scope \(permission.rawValue). Make one in the portal under API "
                + "tokens, or with: loopsync token add --name NAME --scope \(permission.rawValue)")
    }

    static let internalError = Problem(
        .internalServerError, code: "internal-error", title: "Something failed inside",
        detail: "The request could not be completed. The log has the cause under the request's id; try again later.")
}
