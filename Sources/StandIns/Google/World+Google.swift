import CalendarModel
import Crypto
import Foundation

// Signing in at Google: the authorization code flow for web applications.
extension World {
    private static let codeLifetime = Duration.seconds(600)
    private static let tokenSeconds: Int64 = 3599

    /// What an application asks for, checked as Google does before it shows a page.
    func googleSignIn(_ fields: FormFields) throws(GoogleError) -> GoogleSignIn {
        guard let clientID = fields["client_id"] else { throw .missing("client_id") }
        guard let client = google.clients[clientID] else { throw .clientNotFound }
        guard let redirect = fields["redirect_uri"] else { throw .missing("redirect_uri") }
        // Compared letter by letter; unlike Microsoft, ports of localhost count.
        guard client.redirectURIs.contains(redirect) else { throw .redirectMismatch }
        guard let type = fields["response_type"] else { throw .missing("response_type") }
        guard type == "code" else {
            throw GoogleError(error: "unsupported_response_type", message: "Invalid response_type: \(type)")
        }
        let scopes = Set(fields.words("scope"))
        guard !scopes.isEmpty else { throw .missing("scope") }
        let known: Set = ["openid", "email", "profile"]
        guard scopes.isSubset(of: known) else {
            let wrong = scopes.subtracting(known).sorted().joined(separator: ", ")
            throw GoogleError(error: "invalid_scope", message: "Some requested scopes were invalid: \(wrong)")
        }
        return GoogleSignIn(
            client: client, redirectURI: redirect, scopes: scopes, state: fields["state"], nonce: fields["nonce"],
            challenge: fields["code_challenge"], challengeMethod: fields["code_challenge_method"] ?? "plain",
            loginHint: fields["login_hint"])
    }

    /// A code for the account that was chosen; nil when there is no such account.
    func googleCode(_ request: GoogleSignIn, account address: String) -> String? {
        guard let account = google.accounts[address.lowercased()] else { return nil }
        let moment = now()
        google.codes = google.codes.filter { $0.value.expiresAt > moment }
        let code = "4/0\(newOpaqueText(bytes: 48))"
        google.codes[code] = GoogleCode(
            request: request, subject: account.subject, expiresAt: moment.advanced(by: Self.codeLifetime))
        return code
    }

    /// The token endpoint.
    func googleToken(_ form: FormFields, issuer: String) throws -> JSONDocument {
        guard let grant = form["grant_type"] else { throw GoogleError.missing("grant_type") }
        guard grant == "authorization_code" else { throw GoogleError.unsupportedGrant(grant) }
        guard let clientID = form["client_id"] else { throw GoogleError.missing("client_id") }
        guard let client = google.clients[clientID] else { throw GoogleError.clientNotFound }
        guard let secret = form["client_secret"] else {
            throw GoogleError(error: "invalid_request", message: "client_secret is missing.")
        }
        guard client.secret == secret else { throw GoogleError.unauthorized }
        guard let text = form["code"] else { throw GoogleError.missing("code") }
        guard let code = google.codes[text] else { throw GoogleError.malformedCode }
        guard code.request.client.clientID == clientID, !code.isRedeemed, code.expiresAt > now() else {
            throw GoogleError.badGrant
        }
        guard code.request.redirectURI == form["redirect_uri"] else { throw GoogleError.redirectMismatch }
        if let challenge = code.request.challenge {
            guard let verifier = form["code_verifier"] else { throw GoogleError.missingVerifier }
            let answer =
                code.request.challengeMethod == "S256"
                ? Base64URL.encode(SHA256.hash(data: Data(verifier.utf8))) : verifier
            guard answer == challenge else { throw GoogleError.wrongVerifier }
        }
        guard let account = google.accounts.values.first(where: { $0.subject == code.subject }) else {
            throw GoogleError.badGrant
        }
        google.codes[text]?.isRedeemed = true
        return try googleTokens(account, request: code.request, issuer: issuer)
    }

    private func googleTokens(
        _ account: GoogleAccount, request: GoogleSignIn, issuer: String
    ) throws -> JSONDocument {
        let accessToken = "ya29.\(newOpaqueText(bytes: 96))"
        let moment = now()
        google.accessTokens = google.accessTokens.filter { $0.value.expiresAt > moment }
        google.accessTokens[accessToken] = GoogleAccess(
            subject: account.subject, scopes: request.scopes,
            expiresAt: moment.advanced(by: .seconds(Self.tokenSeconds)))
        let names = ["email", "profile"].filter(request.scopes.contains).map {
            "https://www.googleapis.com/auth/userinfo.\($0)"
        }
        var reply: [String: JSONDocument] = [
            "access_token": .string(accessToken), "expires_in": .integer(Self.tokenSeconds), "token_type": "Bearer",
            "scope": .string((names + (request.scopes.contains("openid") ? ["openid"] : [])).joined(separator: " ")),
        ]
        if request.scopes.contains("openid") {
            let issuedAt = moment.microseconds / 1_000_000
            var claims = Self.googleClaims(account, scopes: request.scopes)
            claims["iss"] = .string(issuer)
            claims["aud"] = .string(request.client.clientID)
            claims["azp"] = .string(request.client.clientID)
            claims["iat"] = .integer(issuedAt)
            claims["exp"] = .integer(issuedAt + Self.tokenSeconds)
            claims["nonce"] = request.nonce.map(JSONDocument.string)
            claims["at_hash"] = .string(Base64URL.encode(SHA256.hash(data: Data(accessToken.utf8)).prefix(16)))
            claims["hd"] = account.hostedDomain.map(JSONDocument.string)
            reply["id_token"] = .string(try googleSigner().sign(.object(claims)))
        }
        return .object(reply)
    }

    /// The userinfo endpoint.
    func googleUserInfo(bearer token: String) throws(GoogleError) -> JSONDocument {
        guard let access = google.accessTokens[token], access.expiresAt > now(),
            let account = google.accounts.values.first(where: { $0.subject == access.subject })
        else { throw .invalidToken }
        var claims = Self.googleClaims(account, scopes: access.scopes)
        claims["hd"] = account.hostedDomain.map(JSONDocument.string)
        return .object(claims)
    }

    private static func googleClaims(_ account: GoogleAccount, scopes: Set<String>) -> [String: JSONDocument] {
        var claims: [String: JSONDocument] = ["sub": .string(account.subject)]
        if scopes.contains("email") {
            claims["email"] = .string(account.email)
            claims["email_verified"] = .bool(account.emailIsVerified)
        }
        if scopes.contains("profile") {
            claims["name"] = .string(account.name)
            let words = account.name.split(separator: " ").map(String.init)
            claims["given_name"] = words.first.map(JSONDocument.string)
            if words.count > 1 { claims["family_name"] = .string(words.dropFirst().joined(separator: " ")) }
        }
        return claims
    }

    // MARK: Keys

    private func googleSigner() throws -> TokenSigner {
        if let signer = google.signers.last { return signer }
        // The first one is the process's own: making a key pair takes its time.
        let signer = try TokenSigner.shared.get()
        google.signers = [signer]
        return signer
    }

    /// A new key signs from now on; the former one stays published, and those before it do not.
    @discardableResult
    func renewGoogleKey() throws -> String {
        let signer = try TokenSigner()
        google.signers = [try googleSigner(), signer]
        return signer.keyID
    }

    func googleKeySet() throws -> JSONDocument {
        _ = try googleSigner()
        return [
            "keys": .array(
                google.signers.map { signer in
                    [
                        "kty": "RSA", "alg": "RS256", "use": "sig", "kid": .string(signer.keyID),
                        "n": .string(signer.modulus), "e": .string(signer.exponent),
                    ]
                })
        ]
    }
}
