import CalendarModel
import Foundation

/// What the token endpoint answers. Unknown fields are ignored; the access token is opaque.
struct TokenReply: Decodable, Sendable {
    let accessToken: String
    let refreshToken: String?
    let scope: String?
    let expiresIn: Double
    let idToken: String?

    private enum CodingKeys: String, CodingKey {
        case accessToken = "access_token"
        case refreshToken = "refresh_token"
        case scope
        case expiresIn = "expires_in"
        case idToken = "id_token"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        accessToken = try container.decode(String.self, forKey: .accessToken)
        refreshToken = try container.decodeIfPresent(String.self, forKey: .refreshToken)
        scope = try? container.decodeIfPresent(String.self, forKey: .scope)
        idToken = try? container.decodeIfPresent(String.self, forKey: .idToken)
        // The v1 endpoint and some proxies send it as text.
        if let number = try? container.decode(Double.self, forKey: .expiresIn) {
            expiresIn = number
        } else {
            expiresIn = (try? container.decode(String.self, forKey: .expiresIn)).flatMap(Double.init) ?? 300
        }
    }
}

/// What the token endpoint answers when it refuses.
struct TokenRefusal: Decodable, Sendable, Hashable {
    var error: String
    var suberror: String?
    var numbers: [Int]
    var traceID: String?
    var correlationID: String?

    private enum CodingKeys: String, CodingKey {
        case error, suberror
        case numbers = "error_codes"
        case description = "error_description"
        case traceID = "trace_id"
        case correlationID = "correlation_id"
    }

    init(error: String, suberror: String? = nil, numbers: [Int]) {
        self.error = error
        self.suberror = suberror
        self.numbers = numbers
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        error = try container.decode(String.self, forKey: .error)
        suberror = try? container.decodeIfPresent(String.self, forKey: .suberror)
        traceID = try? container.decodeIfPresent(String.self, forKey: .traceID)
        correlationID = try? container.decodeIfPresent(String.self, forKey: .correlationID)
        let description = (try? container.decodeIfPresent(String.self, forKey: .description)) ?? nil
        let listed = (try? container.decodeIfPresent([Int].self, forKey: .numbers)) ?? nil
        numbers = listed ?? Self.numbers(in: description ?? "")
    }

    /// The numbers of `AADSTS…` in a description: redirects carry no list of codes.
    static func numbers(in description: String) -> [Int] {
        description.components(separatedBy: "AADSTS").dropFirst().compactMap { Int($0.prefix(while: \.isNumber)) }
    }

    /// What Microsoft's support asks for.
    var reference: String? {
        let parts = [traceID.map { "trace \($0)" }, correlationID.map { "correlation \($0)" }].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    var vendorCode: String { numbers.first.map { "AADSTS\($0)" } ?? error }
}

/// A token in use.
struct AccessToken: Sendable {
    let value: String
    let scopes: Set<String>?
    let expiresAt: Instant
    /// From when on a new one is fetched: five minutes early, or half-way for tokens that live less than ten.
    let renewAt: Instant

    init(_ reply: TokenReply, now: Instant, isDelegated: Bool) {
        value = reply.accessToken
        let scopes = reply.scope.map { text in
            Set(text.split(separator: " ").map { name in name.split(separator: "/").last.map(String.init) ?? "" })
        }
        self.scopes = isDelegated ? scopes : nil
        let lifetime = Duration.milliseconds(Int64(max(0, min(reply.expiresIn, 1_000_000)) * 1000))
        expiresAt = now.advanced(by: lifetime)
        renewAt = now.advanced(by: max(lifetime - .seconds(300), lifetime / 2))
    }
}
