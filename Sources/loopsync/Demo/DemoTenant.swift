import HTTPTransport
import Portal

/// The tenant of the demo: what an administrator sets up by the manual, done through loopsim's control API.
struct DemoTenant {
    static let domain = "contoso.example"
    static let clientID = "5f1c9a52-7c1f-4a52-9d0b-2f6f6a1f0d11"
    static let account = "svc-loopbooking@contoso.example"
    static let password = "demo-Passw0rd!"
    static let rooms = ["Oslo", "Bergen", "Trondheim", "Stavanger", "Tromsø", "Bodø"]
    static let people = [("anna", "Anna Berg"), ("ben", "Ben Carter")]

    let control: JSONCaller

    static func address(of room: String) -> String {
        let plain = room.lowercased().map { character in character == "ø" ? "o" : String(character) }.joined()
        return "\(plain)-ext@\(domain)"
    }

    func create() async throws {
        let path = "/control/v1"
        _ = try await control.call(
            .post, path + "/tenants", ["domain": .string(Self.domain), "displayName": "Contoso"])
        try await user(Self.account, "Company Booking", password: Self.password)
        for (name, displayName) in Self.people {
            try await user("\(name)@\(Self.domain)", displayName, password: Self.password)
        }
        for (index, room) in Self.rooms.enumerated() {
            _ = try await control.call(
                .post, path + "/tenants/\(Self.domain)/rooms",
                [
                    "address": .string(Self.address(of: room)), "displayName": .string("\(room)-ext"),
                    "capacity": .integer(Int64(4 + 2 * index)), "building": "HQ",
                    "fullAccess": [.string(Self.account)], "timeZone": "W. Europe Standard Time",
                ])
        }
        let scopes: JSONValue = [
            "User.Read", "Calendars.ReadWrite", "Calendars.ReadWrite.Shared", "Place.Read.All",
        ]
        _ = try await control.call(
            .post, path + "/registrations",
            [
                "clientID": .string(Self.clientID), "displayName": "LoopBooking Sync",
                "allowsPublicClientFlows": .bool(true), "isMultiTenant": .bool(true), "requestedScopes": scopes,
            ])
        let everybody = [Self.account] + Self.people.map { "\($0.0)@\(Self.domain)" }
        _ = try await control.call(
            .put, path + "/tenants/\(Self.domain)/applications/\(Self.clientID)",
            [
                "grantedScopes": scopes, "assignmentRequired": .bool(true),
                "assignedUsers": .array(everybody.map(JSONValue.string)),
            ])
    }

    private func user(_ address: String, _ name: String, password: String) async throws {
        _ = try await control.call(
            .post, "/control/v1/tenants/\(Self.domain)/users",
            [
                "principalName": .string(address), "displayName": .string(name), "password": .string(password),
                "hasMailbox": .bool(true),
            ])
    }

    /// A person's calls to Graph, signed in.
    func person(_ name: String) async throws -> JSONCaller {
        let reply = try await control.form(
            "/\(Self.domain)/oauth2/v2.0/token",
            [
                ("client_id", Self.clientID), ("grant_type", "password"), ("username", "\(name)@\(Self.domain)"),
                ("password", Self.password),
                ("scope", "https://graph.microsoft.com/Calendars.ReadWrite openid"),
            ])
        return JSONCaller(
            transport: control.transport, base: control.base + "/v1.0",
            headers: [("Authorization", "Bearer \(reply["access_token"]?.string ?? "")")])
    }
}
