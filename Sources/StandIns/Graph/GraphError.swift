/// An error as Graph answers it: a status, a code that clients branch on, and a message.
struct GraphError: Error, Hashable {
    var status: Int
    var code: String
    var message: String
    var headers: [GraphHeader] = []

    static let itemNotFound = GraphError(
        status: 404, code: "ErrorItemNotFound", message: "The specified object was not found in the store.")
    static let accessDenied = GraphError(
        status: 403, code: "ErrorAccessDenied", message: "Access is denied. Check credentials and try again.")
    static let malformedID = GraphError(
        status: 400, code: "ErrorInvalidIdMalformed", message: "Id is malformed.")
    static let conflict = GraphError(
        status: 412, code: "ErrorIrresolvableConflict",
        message: "The send or update operation could not be performed because the change key passed in the request "
            + "does not match the current change key for the item.")
    static let crossingBoundary = GraphError(
        status: 400, code: "ErrorOccurrenceCrossingBoundary",
        message: "Modified occurrence is crossing or overlapping adjacent occurrence.")
    static let missingWindow = GraphError(
        status: 400, code: "ErrorInvalidParameter",
        message: "This request requires a time window specified by the query string parameters StartDateTime and "
            + "EndDateTime.")
    static let windowTooBig = GraphError(
        status: 400, code: "ErrorCalendarViewRangeTooBig",
        message: "The requested calendar view is too long. It may span 1825 days at most.")
    static let notYourOwn = GraphError(
        status: 400, code: "BadRequest", message: "/me request is only valid with delegated authentication flow.")

    static func badRequest(_ message: String) -> GraphError {
        GraphError(status: 400, code: "BadRequest", message: message)
    }

    static func invalidRequest(_ message: String) -> GraphError {
        GraphError(status: 400, code: "ErrorInvalidRequest", message: message)
    }

    /// A body that OData cannot read against the model.
    static func unreadableBody(_ message: String) -> GraphError {
        GraphError(status: 400, code: "RequestBodyRead", message: message)
    }

    /// A value that the store refuses.
    static func invalidProperty(_ name: String, _ reason: String = "") -> GraphError {
        GraphError(
            status: 400, code: "ErrorPropertyValidationFailure",
            message: "At least one property failed validation: \(name)." + (reason.isEmpty ? "" : " \(reason)"))
    }

    /// A query option that OData cannot read.
    static func unreadableQuery(_ message: String) -> GraphError {
        GraphError(status: 400, code: "RequestBroker--ParseUri", message: message)
    }

    static func unknownZone(_ name: String) -> GraphError {
        GraphError(
            status: 400, code: "TimeZoneNotSupportedException",
            message: "A valid TimeZone value must be specified. The following TimeZone value is not supported: "
                + "'\(name)'.")
    }

    static func invalidToken(_ message: String) -> GraphError {
        GraphError(
            status: 401, code: "InvalidAuthenticationToken", message: message,
            headers: [
                GraphHeader(
                    name: "WWW-Authenticate",
                    value: "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/"
                        + "authorize\", client_id=\"00000003-0000-0000-c000-000000000000\"")
            ])
    }

    static func noSegment(_ segment: String) -> GraphError {
        GraphError(
            status: 400, code: "BadRequest", message: "Resource not found for the segment '\(segment)'.")
    }

    func body(_ context: GraphRequest.Trace) -> GraphJSON {
        [
            "error": [
                "code": .string(code), "message": .string(message),
                "innerError": [
                    "date": .string(context.date), "request-id": .string(context.requestID),
                    "client-request-id": .string(context.clientRequestID),
                ],
            ]
        ]
    }
}

struct GraphHeader: Hashable, Sendable {
    var name: String
    var value: String
}
