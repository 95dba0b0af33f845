import CalendarModel
import CalendarTime
import Foundation
import HTTPTypes
import Hummingbird

extension JSONDocument {
    /// The body of a refusal of Microsoft Graph.
    static func graphError(
        code: String, message: String, requestID: String, clientRequestID: String?, at: Instant
    ) -> JSONDocument {
        let date = Timestamps.rfc3339(at).replacingOccurrences(of: "Z", with: "")
        return [
            "error": [
                "code": .string(code), "message": .string(message),
                "innerError": [
                    "date": .string(date), "request-id": .string(requestID),
                    "client-request-id": .string(clientRequestID ?? requestID),
                ],
            ]
        ]
    }
}

/// Answers with which faults take the place of the real ones.
struct FaultReply: Sendable {
    var requestID: String
    var clientRequestID: String?
    var at: Instant

    /// Nil for faults that are not answers: cut connections and slowness.
    func response(to fault: Fault, target: FaultTarget) throws -> Response? {
        switch fault.kind {
        case .cutBefore, .cutAfter, .slow: return nil
        case .throttle:
            return try answer(
                429, code: fault.code ?? "TooManyRequests",
                message: fault.code == "ApplicationThrottled"
                    ? "Application is over its MailboxConcurrency limit." : "Too many requests",
                login: (90055, "The server is busy: the request was throttled."), target: target, fault: fault)
        case .serverError:
            let status = fault.status ?? 503
            return try answer(
                status, code: Self.serverErrorCodes[status] ?? "UnknownError",
                message: "The server could not process the request. Try again later.",
                login: (90033, "A transient error has occurred. Please try again."), target: target, fault: fault)
        case .gone:
            let code = fault.code ?? "SyncStateNotFound"
            return try answer(
                410, code: code,
                message: code.lowercased() == "resyncrequired"
                    ? "Resync required. Replace any local items with the server's version."
                    : "The sync state generation is not found; continue with a full synchronization.",
                login: (90033, ""), target: target, fault: fault)
        case .unauthorized:
            return try answer(
                401, code: "InvalidAuthenticationToken", message: "Access token has expired or is not yet valid.",
                login: (90033, ""), target: target, fault: fault)
        case .forbidden:
            return try answer(
                403, code: "ErrorAccessDenied", message: "Access is denied. Check credentials and try again.",
                login: (90033, ""), target: target, fault: fault)
        }
    }

    private static let serverErrorCodes = [
        500: "ErrorInternalServerTransientError", 502: "BadGateway", 503: "ErrorMailboxStoreUnavailable",
        504: "GatewayTimeout",
    ]

    private func answer(
        _ status: Int, code: String, message: String, login: (Int, String), target: FaultTarget, fault: Fault
    ) throws -> Response {
        let document: JSONDocument
        if target.isGraph {
            document = .graphError(
                code: code, message: message, requestID: requestID, clientRequestID: clientRequestID, at: at)
        } else {
            document = EntraError(login.0, "temporarily_unavailable", login.1).document(
                TraceStamp(traceID: requestID, correlationID: clientRequestID ?? requestID, at: at), login: "")
        }
        var response = try Response.json(document, status: HTTPResponse.Status(code: status))
        if let name = HTTPField.Name("request-id") { response.headers[name] = requestID }
        if status == 401 { response.headers[.wwwAuthenticate] = "Bearer realm=\"\", error=\"invalid_token\"" }
        if let retryAfter = fault.retryAfter { response.headers[.retryAfter] = headerValue(retryAfter) }
        return response
    }

    /// `date+3` becomes the HTTP date in three seconds; everything else stays.
    private func headerValue(_ retryAfter: String) -> String {
        guard retryAfter.hasPrefix("date+"), let seconds = Int64(retryAfter.dropFirst(5)) else { return retryAfter }
        return HTTPDate.text(at.advanced(by: .seconds(seconds))) ?? retryAfter
    }
}

/// The date format of HTTP headers (RFC 9110 §5.6.7).
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func text(_ instant: Instant) -> String? {
        guard let zone = Zones.known("UTC"), let wall = Zones.wallTime(of: instant, in: zone) else { return nil }
        let weekday = "\(Zones.weekday(of: wall.date))".prefix(3).capitalized
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(weekday), \(padded(wall.date.day)) \(months[wall.date.month - 1]) \(wall.date.year) "
            + "\(padded(wall.hour)):\(padded(wall.minute)):\(padded(wall.second)) GMT"
    }
}
