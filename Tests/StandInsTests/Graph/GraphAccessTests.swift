import HTTPTypes
import StandIns
import Testing

@Suite("Graph stand-in: who may do what")
struct GraphAccessTests {
    @Test("tokens that are missing, unknown or expired are answered with 401")
    func tokens() async throws {
        try await GraphHarness.run { graph in
            let expired = await graph.token()
            await graph.world.expireAccessTokens()
            for reply in [
                try await graph.send(.get, "/me/calendar", anonymous: true),
                try await graph.get("/me/calendar", token: "nonsense"),
                try await graph.get("/me/calendar", token: expired),
            ] {
                #expect(reply.status == 401)
                #expect(reply.code == "InvalidAuthenticationToken")
                #expect(reply.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
            }
        }
    }

    @Test("a delegate needs the shared scope and Full Access")
    func delegates() async throws {
        try await GraphHarness.run { graph in
            let calendar = try await graph.get(
                "\(GraphHarness.oslo)/calendar?$select=id,name,owner,canEdit,canViewPrivateItems")
            #expect(calendar.status == 200)
            #expect(calendar["owner"]?["address"] == "oslo@contoso.example")
            #expect(calendar["color"] == nil)
            let scope = try await graph.get(
                "\(GraphHarness.oslo)/calendar", token: graph.token(scopes: "Calendars.ReadWrite"))
            #expect(scope.status == 403)
            let right = try await graph.get("\(GraphHarness.oslo)/calendar", token: graph.ada)
            #expect(right.status == 403)
            #expect(right.code == "ErrorAccessDenied")
            let reader = await graph.token(scopes: "Calendars.Read.Shared")
            #expect(try await graph.get("\(GraphHarness.oslo)/events", token: reader).status == 200)
            #expect(
                try await graph.send(.post, "\(GraphHarness.oslo)/events", GraphHarness.event("x"), token: reader)
                    .status
                    == 403)
            // By object id as well.
            let byID = try await graph.get("/users/20000000-0000-4000-8000-000000000001/calendar")
            #expect(byID["owner"]?["address"] == "oslo@contoso.example")
        }
    }

    @Test("what a missing right is answered with can be chosen")
    func missingRight() async throws {
        try await GraphHarness.run({ $0.graph.missingPermissionCode = "ErrorItemNotFound" }) { graph in
            let reply = try await graph.get("\(GraphHarness.oslo)/calendar", token: graph.ada)
            #expect(reply.status == 404)
            #expect(reply.code == "ErrorItemNotFound")
        }
    }

    @Test("an application needs a role, and has no /me")
    func applications() async throws {
        try await GraphHarness.run { graph in
            let application = await graph.token(user: nil, scopes: "", roles: "Calendars.ReadWrite")
            #expect(try await graph.get("\(GraphHarness.oslo)/calendar", token: application).status == 200)
            #expect(try await graph.get("/me/calendar", token: application).status == 400)
            let none = try await graph.get(
                "\(GraphHarness.oslo)/calendar", token: graph.token(user: nil, scopes: "Calendars.ReadWrite", roles: "")
            )
            #expect(none.status == 403)
        }
    }

    @Test("people who are not there or have no mailbox are answered with 404")
    func strangers() async throws {
        try await GraphHarness.run { graph in
            let unknown = try await graph.get("/users/nobody@contoso.example/calendar")
            #expect(unknown.status == 404)
            #expect(unknown.code == "ResourceNotFound")
            let boxless = try await graph.get("/users/nobox@contoso.example/calendar")
            #expect(boxless.status == 404)
            #expect(boxless.code == "MailboxNotEnabledForRESTAPI")
            let user = try await graph.get(
                "/users/nobody@contoso.example", token: graph.token(scopes: "User.ReadBasic.All"))
            #expect(user.code == "Request_ResourceNotFound")
        }
    }

    @Test("the request's id is given back with the answer's own")
    func ids() async throws {
        try await GraphHarness.run { graph in
            let reply = try await graph.send(
                .get, "/me/calendar", headers: ["client-request-id": "11112222-3333-4444-5555-666677778888"])
            #expect(
                reply.header("client-request-id") == "11112222-3333-4444-5555-666677778888")
            #expect(reply.header("request-id")?.count == 36)
        }
    }
}
