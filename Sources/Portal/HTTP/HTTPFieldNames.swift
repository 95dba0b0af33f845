import HTTPTypes

extension HTTPField.Name {
    static let requestID = constant("X-Request-Id")
    static let idempotencyKey = constant("Idempotency-Key")
    static let idempotencyReplayed = constant("Idempotency-Replayed")
    static let link = constant("Link")
    static let secFetchSite = constant("Sec-Fetch-Site")
    static let contentTypeOptions = constant("X-Content-Type-Options")
    static let referrerPolicy = constant("Referrer-Policy")
    static let permissionsPolicy = constant("Permissions-Policy")
    static let refresh = constant("Refresh")
    static let retryAfter = constant("Retry-After")

    /// For names that are well formed by sight.
    private static func constant(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("not a field name: \(name)") }
        return name
    }
}
