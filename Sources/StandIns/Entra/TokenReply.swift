import CalendarModel
import CalendarTime
import Foundation

/// A successful answer of the token endpoint.
struct TokenReply: Sendable {
    var accessToken: String
    var expiresIn: Int
    var scope: String?
    var refreshToken: String?
    var idToken: String?
    var clientInfo: String?

    var document: JSONDocument {
        var members: [String: JSONDocument] = [
            "token_type": "Bearer",
            "expires_in": .integer(Int64(expiresIn)),
            "ext_expires_in": .integer(Int64(expiresIn)),
            "access_token": .string(accessToken),
        ]
        members["scope"] = scope.map(JSONDocument.string)
        members["refresh_token"] = refreshToken.map(JSONDocument.string)
        members["id_token"] = idToken.map(JSONDocument.string)
        members["client_info"] = clientInfo.map(JSONDocument.string)
        return .object(members)
    }
}

/// The ids by which support finds a refused request again.
struct TraceStamp: Sendable {
    var traceID: String
    var correlationID: String
    var at: Instant

    /// `2025-02-27 22:38:35Z`, as in the bodies of Entra ID.
    var timestamp: String { Timestamps.rfc3339(at).replacingOccurrences(of: "T", with: " ") }
}

extension EntraError {
    /// The text an administrator sees: `AADSTS50126: … Trace ID: … Correlation ID: … Timestamp: …`.
    func description(_ stamp: TraceStamp) -> String {
        "AADSTS\(code): \(message) Trace ID: \(stamp.traceID) Correlation ID: \(stamp.correlationID) "
            + "Timestamp: \(stamp.timestamp)"
    }

    /// The body of the token endpoint's refusal.
    func document(_ stamp: TraceStamp, login: String) -> JSONDocument {
        var members: [String: JSONDocument] = [
            "error": .string(error),
            "error_description": .string(description(stamp)),
            "error_codes": [.integer(Int64(code))],
            "timestamp": .string(stamp.timestamp),
            "trace_id": .string(stamp.traceID),
            "correlation_id": .string(stamp.correlationID),
            "error_uri": .string("\(login)/error?code=\(code)"),
        ]
        members["suberror"] = suberror.map(JSONDocument.string)
        members["claims"] = claims.map(JSONDocument.string)
        return .object(members)
    }
}
