import CalendarModel
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import SQLStore
import Testing
import Vault

@testable import Portal

/// Somebody with a browser: keeps cookies, follows redirects when told to, and sends forms with the mark of the page they
/// stand on.
final actor Browser {
    let client: any TestClientProtocol
    private var cookies: [String: String] = [:]
    private(set) var page = Page(status: .ok, headers: [:], text: "", path: "/")

    struct Page: Sendable {
        let status: HTTPResponse.Status
        let headers: HTTPFields
        let text: String
        let path: String

        /// The mark of the page's forms.
        var token: String {
            text.firstMatch(of: /name="_token" value="([^"]*)"/).map { String($0.output.1) } ?? ""
        }
        var heading: String {
            text.firstMatch(of: /<h1[^>]*>([^<]*)<\/h1>/).map { String($0.output.1) } ?? ""
        }
    }

    init(_ client: any TestClientProtocol) { self.client = client }

    /// - Parameter accept: the language the browser asks for.
    @discardableResult
    func get(_ path: String, accept: String = "en", follow: Bool = true) async throws -> Page {
        try await send(.get, path, nil, accept: accept, follow: follow)
    }

    /// Sends a form of the page that is open.
    @discardableResult
    func post(
        _ path: String, _ fields: [String: String] = [:], several: [String: [String]] = [:], token: String? = nil,
        headers: [String: String] = [:], follow: Bool = true
    ) async throws -> Page {
        var form = fields.map { (name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
        for (name, values) in several { form += values.map { (name: name, value: $0) } }
        form.append((FormGuard.fieldName, token ?? page.token))
        return try await send(.post, path, Form(form).encoded, headers: headers, follow: follow)
    }

    func forgetSession() { cookies = cookies.filter { !$0.key.contains("session") } }
    func cookie(_ name: String) -> String? { cookies[name] }
    func set(_ name: String, _ value: String) { cookies[name] = value }

    private func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: String?, accept: String = "en",
        headers more: [String: String] = [:], follow: Bool
    ) async throws -> Page {
        var fields: HTTPFields = [.acceptLanguage: accept]
        if !cookies.isEmpty {
            fields[.cookie] = cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        }
        if body != nil { fields[.contentType] = "application/x-www-form-urlencoded" }
        for (name, value) in more { fields[try #require(HTTPField.Name(name))] = value }
        let (found, set): (Page, [String]) = try await client.execute(
            uri: path, method: method, headers: fields, body: body.map { ByteBuffer(string: $0) }
        ) { response in
            (
                Page(
                    status: response.status, headers: response.headers, text: String(buffer: response.body), path: path),
                response.headers[values: .setCookie]
            )
        }
        for header in set {
            let pair = header.split(separator: ";")[0].split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let isGone = header.contains("Max-Age=0")
            cookies[String(pair[0])] = isGone ? nil : String(pair[1])
        }
        page = found
        if follow, found.status == .seeOther, let location = found.headers[.location] {
            return try await send(.get, location, nil, accept: accept, follow: true)
        }
        return found
    }
}

extension TestPortal {
    static let password = "several words in a row"

    /// Runs `body` with a browser that shows the portal.
    func browse(_ body: @escaping @Sendable (Browser) async throws -> Void) async throws {
        try await server.application().test(.router) { try await body(Browser($0)) }
    }

    /// An account with the test password.
    @discardableResult
    func addPerson(
        _ email: String = "ada@acme.example", role: Role? = .administrator, in organization: String = "acme",
        isOperator: Bool = false, named name: String = "Ada Berg"
    ) async throws -> Account {
        let account = Account(
            id: "account-\(email)", email: email, name: name, password: try services.hasher.hash(Self.password),
            isOperator: isOperator, createdAt: Self.now)
        try await store.addAccount(account)
        if let role {
            try await store.setRole(role, of: account.id, in: OrganizationID(organization), now: Self.now)
        }
        return account
    }
}

extension Browser {
    @discardableResult
    func signIn(_ email: String = "ada@acme.example", password: String = TestPortal.password) async throws -> Page {
        try await get("/sign-in")
        return try await post("/sign-in", ["email": email, "password": password])
    }
}
