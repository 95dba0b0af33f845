import Foundation
import HTTPTypes
import Hummingbird

/// Installs Google's accounts below `/google`: discovery, keys, the account chooser, tokens, userinfo.
package func addGoogleRoutes(to router: Router<BasicRequestContext>, world: World) {
    let google = router.group("google")
    google.get(".well-known/openid-configuration") { request, _ in
        try Response.json(googleDiscovery(issuer: request.googleIssuer))
    }
    google.get("oauth2/v3/certs") { _, _ in try await Response.json(world.googleKeySet()) }
    google.get("o/oauth2/v2/auth") { request, _ in
        try await googleChooser(request, fields: request.queryFields, world: world)
    }
    google.post("o/oauth2/v2/auth") { request, _ in
        let fields = try await request.formFields().completed(by: request.queryFields)
        return try await googleChooser(request, fields: fields, world: world)
    }
    google.post("token") { request, _ in
        let form = try await request.formFields().completed(by: basicCredentials(request))
        return try await googleReply { try await world.googleToken(form, issuer: request.googleIssuer) }
    }
    google.get("v1/userinfo") { request, _ in
        let header = request.headers[.authorization] ?? ""
        let token = header.lowercased().hasPrefix("bearer ") ? String(header.dropFirst(7)) : ""
        return try await googleReply { try await world.googleUserInfo(bearer: token) }
    }
}

/// Google's part of the control API.
package func addGoogleControlRoutes(to router: Router<BasicRequestContext>, world: World) {
    let google = router.group("control/v1/google")
    google.get("accounts") { request, _ in
        try await controlReply(request) { _ in
            ["accounts": .array(try await world.allGoogleAccounts().map(JSONDocument.init(encoding:)))]
        }
    }
    google.post("accounts") { request, _ in
        try await controlReply(request, status: .created) {
            try JSONDocument(encoding: await world.addGoogleAccount($0))
        }
    }
    google.patch("accounts/:email") { request, context in
        try await controlReply(request) {
            try JSONDocument(encoding: await world.changeGoogleAccount(segment("email", context), $0))
        }
    }
    google.delete("accounts/:email") { request, context in
        try await controlReply(request) { _ in
            try await world.removeGoogleAccount(segment("email", context))
            return [:]
        }
    }
    google.get("clients") { request, _ in
        try await controlReply(request) { _ in
            ["clients": .array(try await world.allGoogleClients().map(JSONDocument.init(encoding:)))]
        }
    }
    google.post("clients") { request, _ in
        try await controlReply(request, status: .created) {
            try JSONDocument(encoding: await world.addGoogleClient($0))
        }
    }
    google.patch("clients/:client") { request, context in
        try await controlReply(request) {
            try JSONDocument(encoding: await world.changeGoogleClient(segment("client", context), $0))
        }
    }
    google.post("keys/renew") { request, _ in
        try await controlReply(request) { _ in ["keyID": .string(try await world.renewGoogleKey())] }
    }
}

extension Request {
    /// In place of `https://accounts.google.com`, which no server on this machine can be.
    fileprivate var googleIssuer: String { "\(publicBase)/google" }
}

private func googleDiscovery(issuer: String) -> JSONDocument {
    [
        "issuer": .string(issuer),
        "authorization_endpoint": .string("\(issuer)/o/oauth2/v2/auth"),
        "token_endpoint": .string("\(issuer)/token"),
        "userinfo_endpoint": .string("\(issuer)/v1/userinfo"),
        "jwks_uri": .string("\(issuer)/oauth2/v3/certs"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": [
            "aud", "email", "email_verified", "exp", "family_name", "given_name", "iat", "iss", "name", "sub",
        ],
        "code_challenge_methods_supported": ["plain", "S256"],
        "grant_types_supported": ["authorization_code"],
    ]
}

/// Shows whom one may sign in as, or goes back with a code when that was chosen.
private func googleChooser(_ request: Request, fields: FormFields, world: World) async throws -> Response {
    do {
        let signIn = try await world.googleSignIn(fields)
        func back(_ parameters: [(String, String)]) -> Response {
            let all = parameters + (signIn.state.map { [("state", $0)] } ?? [])
            let separator = signIn.redirectURI.contains("?") ? "&" : "?"
            return .seeOther(signIn.redirectURI + separator + FormFields.encode(all))
        }
        if fields["cancel"] != nil { return back([("error", "access_denied")]) }
        // Nobody is ever signed in already.
        if fields["prompt"] == "none" { return back([("error", "interaction_required")]) }
        var unknown: String?
        if let account = fields["account"] {
            if let code = await world.googleCode(signIn, account: account) {
                return back([
                    ("code", code), ("scope", signIn.scopes.sorted().joined(separator: " ")), ("authuser", "0"),
                ])
            }
            unknown = account
        }
        return .page(
            GooglePage.chooser(
                signIn, accounts: await world.allGoogleAccounts(), action: request.uri.string, unknown: unknown))
    } catch {
        return .page(GooglePage.failure(error), status: HTTPResponse.Status(code: error.status))
    }
}

private func googleReply(_ body: () async throws -> JSONDocument) async throws -> Response {
    do {
        return try Response.json(await body())
    } catch let error as GoogleError {
        return try Response.json(error.document, status: HTTPResponse.Status(code: error.status))
    }
}
