import Foundation
import HTTPTypes
import Hummingbird

/// Installs Entra ID: discovery, keys, tokens, pages.
package func addEntraRoutes(to router: Router<BasicRequestContext>, world: World) {
    let pages = SignInRoutes(world: world)
    let discovery = DiscoveryRoutes(world: world)
    let tokens = TokenEndpoint(world: world)

    router.get("/:tenant/v2.0/.well-known/openid-configuration") { request, context in
        try await discovery.configuration(request, tenantPath: try tenantPath(context))
    }
    router.get("/:tenant/discovery/v2.0/keys") { request, _ in
        try Response.json(TokenSigner.shared.get().keySet(issuer: "\(request.publicBase)/{tenantid}/v2.0"))
    }
    router.get("/:tenant/discovery/instance") { request, _ in
        try Response.json(discovery.instances(request))
    }
    router.get("/:tenant/userrealm/:user") { _, context in
        try await discovery.userRealm(try context.parameters.require("user").removingPercentEncoding ?? "")
    }
    router.get("/:tenant/oauth2/v2.0/authorize") { request, context in
        try await pages.authorize(request, tenantPath: try tenantPath(context))
    }
    router.post("/:tenant/oauth2/v2.0/authorize") { request, context in
        try await pages.authorize(request, tenantPath: try tenantPath(context))
    }
    router.get("/:tenant/v2.0/adminconsent") { request, context in
        try await pages.adminConsent(request, tenantPath: try tenantPath(context), version2: true)
    }
    router.post("/:tenant/v2.0/adminconsent") { request, context in
        try await pages.adminConsent(request, tenantPath: try tenantPath(context), version2: true)
    }
    router.get("/:tenant/adminconsent") { request, context in
        try await pages.adminConsent(request, tenantPath: try tenantPath(context), version2: false)
    }
    router.post("/:tenant/adminconsent") { request, context in
        try await pages.adminConsent(request, tenantPath: try tenantPath(context), version2: false)
    }
    router.post("/:tenant/login") { request, context in
        try await pages.login(request, tenantPath: try tenantPath(context))
    }
    router.get("/:tenant/oauth2/deviceauth") { request, _ in try await pages.deviceLogin(request) }
    router.post("/:tenant/oauth2/deviceauth") { request, _ in try await pages.deviceLogin(request) }
    router.post("/:tenant/oauth2/v2.0/devicecode") { request, context in
        let form = try await request.formFields()
        return try await entraReply(request, world: world) {
            try await world.beginDeviceCode(
                form, authorityName: try tenantPath(context), base: request.publicBase)
        }
    }
    router.post("/:tenant/oauth2/v2.0/token") { request, context in
        let form = try await request.formFields().completed(by: basicCredentials(request))
        return try await entraReply(request, world: world) {
            try await tokens.reply(
                tenantPath: try tenantPath(context), form: form, base: request.publicBase
            ).document
        }
    }
}

private func tenantPath(_ context: BasicRequestContext) throws -> String {
    let path = try context.parameters.require("tenant")
    return path.removingPercentEncoding ?? path
}

/// Client id and secret from `Authorization: Basic`, which Entra takes in place of form fields.
func basicCredentials(_ request: Request) -> FormFields {
    let header = request.headers[.authorization] ?? ""
    guard header.lowercased().hasPrefix("basic "), let data = Data(base64Encoded: String(header.dropFirst(6))) else {
        return FormFields(parsing: "")
    }
    let halves = String(decoding: data, as: UTF8.self).split(separator: ":", maxSplits: 1)
    guard halves.count == 2 else { return FormFields(parsing: "") }
    return FormFields(parsing: "client_id=\(halves[0])&client_secret=\(halves[1])")
}

/// Answers with the document, or with the refusal's body.
private func entraReply(
    _ request: Request, world: World, _ body: () async throws -> JSONDocument
) async throws -> Response {
    do {
        return try Response.json(await body())
    } catch let error as EntraError {
        let stamp = TraceStamp(
            traceID: await world.newGUID(),
            correlationID: await correlationID(request, world: world), at: world.now())
        return try Response.json(
            error.document(stamp, login: request.publicBase), status: HTTPResponse.Status(code: error.status))
    }
}

private func correlationID(_ request: Request, world: World) async -> String {
    if let sent = request.header("client-request-id"), UUID(uuidString: sent) != nil { return sent.lowercased() }
    return await world.newGUID()
}
