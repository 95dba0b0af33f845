import CalendarModel
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import SQLStore
import Testing
import Vault

@testable import Portal

/// Walks over every route there is, new ones included, as everybody there is: who gets in is what the route says.
@Suite("Everybody gets what their role allows")
struct PermissionTests {
    /// Who asks for a page.
    enum Visitor: String, CaseIterable, Sendable {
        case nobody, stranger, viewer, receptionist, administrator, `operator`

        var role: Role? { Role(rawValue: rawValue) }
    }

    @Test("Pages", arguments: Visitor.allCases)
    func pages(who: Visitor) async throws {
        let offices = try await TwoOffices()
        let portal = offices.portal
        switch who {
        case .nobody: break
        case .stranger: try await portal.addPerson("eve@other.example", role: .administrator, in: "other")
        case .operator: try await portal.addPerson("eve@other.example", role: nil, isOperator: true)
        default: try await portal.addPerson("eve@other.example", role: who.role)
        }
        // Somebody is left to look after things, whatever is done.
        try await portal.addPerson("last@acme.example", role: .administrator, isOperator: true)
        try await portal.browse { browser in
            for route in PortalServer.pages {
                await browser.forgetSession()
                if who != .nobody {
                    try await browser.signIn("eve@other.example")
                } else {
                    try await browser.get("/sign-in")
                }
                let address = try offices.address(route.path, offices.mine)
                if route.method == .post { try await browser.get(who == .nobody ? "/sign-in" : "/account") }
                let answer =
                    route.method == .get
                    ? try await browser.get(address, follow: false) : try await browser.post(address, follow: false)
                let name = "\(who.rawValue): \(route.method.rawValue) \(route.path)"
                #expect(answer.status.code < 500, "\(name)")
                switch expected(route.access, who) {
                case .refused(let status): #expect(answer.status == status, "\(name)")
                case .mayEnter:
                    #expect(answer.status != .forbidden && answer.status != .unauthorized, "\(name)")
                    #expect(answer.heading != "Sign in" || route.path.hasPrefix("/sign-in"), "\(name)")
                case .any: break
                }
            }
        }
    }

    enum Expectation {
        case any, mayEnter
        case refused(HTTPResponse.Status)
    }

    private func expected(_ access: PageRoute.Access, _ who: Visitor) -> Expectation {
        switch (access, who) {
        case (.anybody, _): .any
        case (_, .nobody): .refused(.unauthorized)
        case (.signedIn, _): .mayEnter
        case (.operators, .operator): .mayEnter
        case (.operators, _): .refused(.notFound)
        case (.member, .stranger): .refused(.notFound)
        case (.member, .operator): .mayEnter
        case (.member(let permission), _):
            who.role?.permissions.contains(permission) == true ? .mayEnter : .refused(.forbidden)
        }
    }

    @Test("The REST API", arguments: Permission.allCases)
    func api(scope: Permission) async throws {
        let offices = try await TwoOffices()
        try await offices.portal.store.addToken(
            APIToken(
                id: "narrow", organization: "acme", name: "Narrow", scopes: [scope], createdAt: TestPortal.now),
            digest: SecretDigest.sha256("narrow"))
        try await offices.portal.run(.router) { client in
            var anonymous = client
            anonymous.secret = nil
            var narrow = client
            narrow.secret = "narrow"
            for route in PortalServer.routes {
                let name = "\(scope.rawValue): \(route.method.rawValue) \(route.path)"
                let address = APIRoute.prefix + (try offices.address(route.path, offices.mine))
                let body: JSONValue? = route.method == .get ? nil : [:]
                #expect(try await anonymous.send(route.method, address, body).status == .unauthorized, "\(name)")
                let answer = try await narrow.send(route.method, address, body)
                #expect(answer.status.code < 500, "\(name): \(answer.text)")
                #expect((answer.code == "missing-scope") == (route.permission != scope), "\(name)")
            }
        }
    }

    @Test("Nothing below an organization is open to everybody, and every route says what it needs")
    func routes() {
        for route in PortalServer.pages where route.path.hasPrefix("/o/") {
            guard case .member = route.access else {
                Issue.record("\(route.path) is open to others than the organization's members")
                continue
            }
        }
        for route in PortalServer.pages where route.path.hasPrefix("/operator") {
            #expect(route.access == .operators, "\(route.path)")
        }
        for route in PortalServer.pages where route.method != .get {
            #expect(route.method == .post, "\(route.path): forms are sent by POST only")
        }
    }
}
