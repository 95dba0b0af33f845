import Foundation
import HTTPTypes
import Hummingbird

/// Graph's `/organization`: the tenant that a token was issued by. Any valid token may ask.
struct OrganizationRoute: Sendable {
    let world: World

    /// Nil for other requests.
    func respond(to request: Request) async throws -> Response? {
        guard request.method == .get, request.uri.path == "/v1.0/organization" else { return nil }
        switch await verdict(request) {
        case .valid(let caller): return try await organization(caller)
        case .expired:
            return try await refusal(request, "Lifetime validation failed, the token is expired.")
        case .unknown:
            return try await refusal(request, "Access token is empty or invalid.")
        }
    }

    private func verdict(_ request: Request) async -> CallerVerdict {
        let header = request.headers[.authorization] ?? ""
        guard header.lowercased().hasPrefix("bearer ") else { return .unknown }
        return await world.caller(bearer: String(header.dropFirst(7)))
    }

    private func organization(_ caller: Caller) async throws -> Response {
        guard let tenant = await world.tenant(caller.tenantID) else { return try Response.json(["value": []]) }
        return try Response.json([
            "value": [
                [
                    "id": .string(tenant.id), "displayName": .string(tenant.displayName),
                    "verifiedDomains": [
                        ["name": .string(tenant.domain), "isDefault": true, "isInitial": false, "type": "Managed"]
                    ],
                ]
            ]
        ])
    }

    private func refusal(_ request: Request, _ message: String) async throws -> Response {
        try Response.json(
            .graphError(
                code: "InvalidAuthenticationToken", message: message, requestID: await world.newGUID(),
                clientRequestID: request.header("client-request-id"), at: world.now()),
            status: .unauthorized)
    }
}
