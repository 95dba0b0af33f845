import Foundation
import HTTPTypes
import Hummingbird

/// The little of Graph's directory that sign-ins are tried out with: `/me`, `/users/{id}`, `/organization`.
struct DirectoryRoutes: Sendable {
    let world: World

    /// Nil for requests that are none of these.
    func respond(to request: Request) async throws -> Response? {
        guard request.method == .get else { return nil }
        let segments = request.uri.path.split(separator: "/").dropFirst().map { $0.removingPercentEncoding ?? String($0) }
        let isDirectory = segments == ["me"] || segments == ["organization"] || (segments.count == 2 && segments[0] == "users")
        guard isDirectory else { return nil }
        let caller: Caller
        switch await verdict(request) {
        case .valid(let found): caller = found
        case .expired:
            return try await refusal(
                request, 401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
        case .unknown:
            return try await refusal(request, 401, "InvalidAuthenticationToken", "Access token is empty or invalid.")
        }
        if segments == ["organization"] { return try await organization(caller) }
        let name = segments.count == 2 ? segments[1] : caller.userPrincipalName
        guard let name else {
            return try await refusal(
                request, 400, "BadRequest", "/me request is only valid with delegated authentication flow.")
        }
        return try await person(name, request: request, caller: caller)
    }

    private func verdict(_ request: Request) async -> CallerVerdict {
        let header = request.headers[.authorization] ?? ""
        guard header.lowercased().hasPrefix("bearer ") else { return .unknown }
        return await world.caller(bearer: String(header.dropFirst(7)))
    }

    private func person(_ name: String, request: Request, caller: Caller) async throws -> Response {
        let base = request.publicBase
        var members: [String: JSONDocument]
        if let user = await world.user(name, tenantID: caller.tenantID) {
            members = Self.members(
                id: user.id, name: user.displayName, address: user.principalName, hasMailbox: user.hasMailbox)
        } else if let room = await world.room(at: name, tenantID: caller.tenantID) {
            members = Self.members(
                id: room.objectID, name: room.displayName, address: room.address, hasMailbox: true)
        } else {
            return try await refusal(
                request, 404, "Request_ResourceNotFound",
                "Resource '\(name)' does not exist or one of its queried reference-property objects are not present.")
        }
        members["@odata.context"] = .string("\(base)/v1.0/$metadata#users/$entity")
        return try Response.json(.object(members))
    }

    private static func members(
        id: String, name: String, address: String, hasMailbox: Bool
    ) -> [String: JSONDocument] {
        [
            "id": .string(id), "displayName": .string(name), "userPrincipalName": .string(address),
            "mail": hasMailbox ? .string(address) : .null, "businessPhones": [], "givenName": .null,
            "jobTitle": .null, "mobilePhone": .null, "officeLocation": .null, "preferredLanguage": .null,
            "surname": .null,
        ]
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

    private func refusal(_ request: Request, _ status: Int, _ code: String, _ message: String) async throws -> Response {
        try Response.json(
            .graphError(
                code: code, message: message, requestID: await world.newGUID(),
                clientRequestID: request.header("client-request-id"), at: world.now()),
            status: HTTPResponse.Status(code: status))
    }
}
