import JWTKit

/// What a verified id_token says about a person.
package struct IDTokenClaims: Hashable, Sendable {
    package var issuer: String
    /// The person, within the issuer. With the issuer it is the only thing to recognize somebody by.
    package var subject: String
    package var email: String?
    /// What the issuer claims; whether that is worth anything depends on the issuer.
    package var emailIsVerified: Bool
    package var name: String?
    /// Microsoft's and others' `preferred_username`: for display, it can be changed to anything.
    package var accountName: String?
    /// Microsoft: the tenant's GUID, in lower case.
    package var tenant: String?
    /// Microsoft: the person within the tenant, the same for all applications.
    package var objectID: String?
    /// Google: the Workspace domain.
    package var hostedDomain: String?
}

/// An id_token's payload as it travels.
struct IDTokenPayload: JWTPayload {
    var iss: String?
    var sub: String?
    var aud: Audience?
    var azp: String?
    var exp: Double?
    var nbf: Double?
    var iat: Double?
    var nonce: String?
    var email: String?
    var email_verified: Truth?
    var name: String?
    var preferred_username: String?
    var tid: String?
    var oid: String?
    var hd: String?

    // Done by IDTokenVerifier, which knows what is expected.
    func verify(using algorithm: some JWTAlgorithm) async throws {}

    /// One name or several.
    struct Audience: Codable, Sendable {
        var names: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            names = try (try? [container.decode(String.self)]) ?? container.decode([String].self)
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(names)
        }
    }

    /// `true`, or `"true"` as some issuers write it.
    struct Truth: Codable, Sendable {
        var value: Bool

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            value = (try? container.decode(Bool.self)) ?? ((try? container.decode(String.self)) == "true")
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(value)
        }
    }
}
