/// Something that goes wrong with one request, on purpose.
package struct Fault: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// 429, without effect.
        case throttle
        /// 500, 502, 503 or 504, without effect.
        case serverError
        /// The connection is closed without an answer and without effect.
        case cutBefore
        /// The request is carried out, then the connection is closed without an answer.
        case cutAfter
        /// The request is carried out late.
        case slow
        /// 410 for delta requests: start over.
        case gone
        /// 401: the token is no longer accepted.
        case unauthorized
        /// 403 `ErrorAccessDenied`, as when a right was taken away.
        case forbidden
    }

    package var kind: Kind
    /// The `Retry-After` header: seconds, with a fraction or not; an HTTP date; or `date+3` for the date in three
    /// seconds. With `throttle` and `serverError`.
    package var retryAfter: String?
    /// How late, with `slow`; 2000 unless said.
    package var milliseconds: Int?
    /// Which 5xx, with `serverError`; drawn by the seed unless said.
    package var status: Int?
    /// The error code of the answer, with `throttle` and `gone`.
    package var code: String?

    package init(
        _ kind: Kind, retryAfter: String? = nil, milliseconds: Int? = nil, status: Int? = nil, code: String? = nil
    ) {
        self.kind = kind
        self.retryAfter = retryAfter
        self.milliseconds = milliseconds
        self.status = status
        self.code = code
    }

    /// Reads the header `x-loopsim-fault`: `cutAfter`, `throttle;retryAfter=1.5`, `serverError;status=503`; nil when it
    /// names no known kind.
    package init?(header: String) {
        let parts = header.split(separator: ";").map { $0.trimmingBlanks() }
        guard let name = parts.first, let kind = Kind(rawValue: name) else { return nil }
        self.init(kind)
        for part in parts.dropFirst() {
            let halves = part.split(separator: "=", maxSplits: 1).map { $0.trimmingBlanks() }
            guard halves.count == 2 else { return nil }
            switch halves[0] {
            case "retryAfter": retryAfter = halves[1]
            case "milliseconds": milliseconds = Int(halves[1])
            case "status": status = Int(halves[1])
            case "code": code = halves[1]
            default: return nil
            }
        }
    }

    /// Whether this kind means anything for a request: `gone` only for delta, refused rights only for Graph.
    func applies(to target: FaultTarget) -> Bool {
        switch kind {
        case .gone: target.isDelta
        case .unauthorized, .forbidden: target.isGraph
        case .throttle, .serverError, .cutBefore, .cutAfter, .slow: true
        }
    }
}

/// What a request is, as far as faults care.
struct FaultTarget: Sendable {
    var method: String
    /// With its query, as sent.
    var path: String
    /// Graph, not the login service.
    var isGraph: Bool
    var isDelta: Bool { isGraph && path.contains("/delta") }

    /// Nil for everything that never fails on purpose: the control API and the sign-in pages.
    init?(method: String, path: String) {
        let isGraph = path.hasPrefix("/v1.0/") || path.hasPrefix("/beta/")
        let isToken = path.split(separator: "?").first?.hasSuffix("/oauth2/v2.0/token") ?? false
        guard isGraph || isToken else { return nil }
        self.method = method
        self.path = path
        self.isGraph = isGraph
    }
}

extension Substring {
    func trimmingBlanks() -> String {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
