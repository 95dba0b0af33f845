import Foundation
import GraphConnector
import SyncEngine
import Testing

@Suite("Links to Entra ID and what comes back") struct SignInLinksTests {
    private let links = SignInLinks(
        GraphConfiguration(tenant: "contoso.example", clientID: "client-1", serviceAccount: "sync@contoso.example"))

    private func parameters(_ link: String) throws -> [String: String] {
        let items = try #require(URLComponents(string: link)?.queryItems)
        return Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
    }

    @Test func `The consent link asks for the whole organization`() throws {
        let link = links.adminConsent(redirectURI: "https://sync.example/back?a=1&b=2", state: "s+1")
        #expect(link.hasPrefix("https://login.microsoftonline.com/contoso.example/v2.0/adminconsent?"))
        let fields = try parameters(link)
        #expect(fields["client_id"] == "client-1")
        #expect(fields["redirect_uri"] == "https://sync.example/back?a=1&b=2")
        #expect(fields["state"] == "s+1")
        #expect(fields["scope"]?.contains("https://graph.microsoft.com/Place.Read.All") == true)
        #expect(
            links.adminConsent(redirectURI: "r", state: "s", tenant: "organizations").contains("/organizations/v2.0/"))
    }

    @Test func `The sign-in link carries the challenge and asks for a fresh sign-in`() throws {
        let fields = try parameters(
            links.authorize(redirectURI: "https://sync.example/back", state: "s", challenge: "c"))
        #expect(fields["response_type"] == "code")
        #expect(fields["code_challenge"] == "c")
        #expect(fields["code_challenge_method"] == "S256")
        #expect(fields["prompt"] == "login")
        #expect(fields["login_hint"] == "sync@contoso.example")
    }

    @Test func `A consent is read`() {
        let query = """
            admin_consent=True&tenant=t-1&state=s%2B1&scope=https%3A%2F%2Fgraph.microsoft.com%2FPlace.Read.All+openid
            """
        #expect(
            SignInCallback(query: query)
                == .consented(tenant: "t-1", scopes: ["Place.Read.All", "openid"], state: "s+1"))
    }

    @Test func `A code is read`() {
        #expect(SignInCallback(query: "code=c-1&state=s&session_state=x") == .signedIn(code: "c-1", state: "s"))
    }

    @Test(
        arguments: [
            (
                "admin_consent=True&error=consent_required&error_description=AADSTS65004%3a+declined&state=s",
                "consentDeclined"
            ),
            ("error=permission_denied&error_description=The+admin+canceled+the+request&state=s", "consentDeclined"),
            ("error=access_denied&error_description=AADSTS90094%3a+x&state=s", "consentNeedsAdministrator"),
            ("error=server_error&state=s", "serviceBusy"), ("error=something_new&state=s", "refused"),
        ])
    func `An error is seen first`(_ query: String, _ code: String) {
        guard case .refused(let diagnosis, let state) = SignInCallback(query: query) else {
            Issue.record("not refused")
            return
        }
        #expect(diagnosis.code == "microsoft.signIn.\(code)")
        #expect(state == "s")
    }

    @Test(arguments: ["", "state=s", "code=c", "admin_consent=True&state=s", "admin_consent=False&tenant=t&state=s"])
    func `Anything else is unreadable`(_ query: String) {
        #expect(SignInCallback(query: query) == .unreadable)
    }
}
