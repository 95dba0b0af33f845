import Hummingbird

/// What clients read before they sign in: OpenID Connect discovery, instance discovery, the kind of an account.
struct DiscoveryRoutes: Sendable {
    let world: World

    func configuration(_ request: Request, tenantPath: String) async throws -> Response {
        let base = request.publicBase
        do {
            let authority = try await world.authority(tenantPath)
            let issuer = authority.tenant.map { "\(base)/\($0.id)/v2.0" } ?? "\(base)/{tenantid}/v2.0"
            let root = "\(base)/\(authority.tenant?.id ?? tenantPath)"
            return try Response.json([
                "token_endpoint": .string("\(root)/oauth2/v2.0/token"),
                "token_endpoint_auth_methods_supported": [
                    "client_secret_post", "private_key_jwt", "client_secret_basic",
                ],
                "jwks_uri": .string("\(root)/discovery/v2.0/keys"),
                "response_modes_supported": ["query", "fragment", "form_post"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "response_types_supported": ["code"],
                "scopes_supported": ["openid", "profile", "email", "offline_access"],
                "issuer": .string(issuer),
                "request_uri_parameter_supported": false,
                "authorization_endpoint": .string("\(root)/oauth2/v2.0/authorize"),
                "device_authorization_endpoint": .string("\(root)/oauth2/v2.0/devicecode"),
                "http_logout_supported": false,
                "claims_supported": [
                    "sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "oid", "ver",
                ],
                "code_challenge_methods_supported": ["S256", "plain"],
                "tenant_region_scope": "EU",
                "cloud_instance_name": "microsoftonline.com",
                "msgraph_host": "graph.microsoft.com",
            ])
        } catch let error as EntraError {
            let stamp = TraceStamp(
                traceID: await world.newGUID(), correlationID: await world.newGUID(), at: world.now())
            return try Response.json(error.document(stamp, login: base), status: .badRequest)
        }
    }

    /// Instance discovery: which hosts are one login service.
    func instances(_ request: Request) -> JSONDocument {
        let base = request.publicBase
        let host = base.split(separator: "/").last.map(String.init) ?? base
        let asked = request.queryFields["authorization_endpoint"] ?? "\(base)/common/oauth2/v2.0/authorize"
        let tenant = asked.split(separator: "/").dropFirst(2).first.map(String.init) ?? "common"
        return [
            "tenant_discovery_endpoint": .string("\(base)/\(tenant)/v2.0/.well-known/openid-configuration"),
            "api-version": "1.1",
            "metadata": [
                [
                    "preferred_network": .string(host), "preferred_cache": .string(host),
                    "aliases": [.string(host)],
                ]
            ],
        ]
    }

    /// Every account is managed in the cloud; none is federated.
    func userRealm(_ name: String) async throws -> Response {
        let domain = name.split(separator: "@").last.map(String.init) ?? name
        let isKnown = await world.tenant(domain) != nil
        return try Response.json([
            "ver": "1.0", "account_type": .string(isKnown ? "Managed" : "Unknown"), "domain_name": .string(domain),
            "cloud_instance_name": "microsoftonline.com", "cloud_audience_urn": "urn:federation:MicrosoftOnline",
        ])
    }
}
