import HTTPTypes
import Hummingbird
import HummingbirdTesting
import SQLStore
import Testing

@testable import Portal

/// Walks over every route there is, new ones included: whoever adds one gets these tests for nothing.
@Suite("Organizations strictly separated")
struct SeparationTests {
    @Test("No page of another organization opens, and nothing of it is touched")
    func foreignOrganization() async throws {
        let offices = try await TwoOffices()
        try await offices.portal.addPerson("ada@acme.example", role: .administrator)
        try await offices.portal.browse { browser in
            try await browser.signIn()
            let before = try await offices.contents(of: offices.theirs)
            for route in PortalServer.pages where route.path.contains("{organization}") {
                let answer = try await send(route, try offices.address(route.path, offices.theirs), browser, offices)
                #expect(answer.status == .notFound, "\(route.method) \(route.path)")
                #expect(!answer.shown.contains(offices.theirs.word), "\(route.method) \(route.path)")
                let after = try await offices.contents(of: offices.theirs)
                #expect(after == before, "\(route.method) \(route.path)")
            }
        }
    }

    @Test("Nothing of another organization is found below one's own")
    func foreignThings() async throws {
        let offices = try await TwoOffices()
        try await offices.portal.addPerson("ada@acme.example", role: .administrator)
        try await offices.portal.browse { browser in
            try await browser.signIn()
            let before = try await offices.contents(of: offices.theirs)
            for route in PortalServer.pages where route.path.contains("{organization}") {
                let address = try offices.address(route.path, offices.theirs, in: offices.mine.organization)
                let answer = try await send(route, address, browser, offices)
                let isAboutOne = route.path.dropFirst("/o/{organization}".count).contains("{")
                if isAboutOne {
                    #expect([.notFound, .badRequest].contains(answer.status), "\(route.method) \(route.path)")
                } else {
                    #expect(answer.status.code < 500, "\(route.method) \(route.path)")
                }
                #expect(!answer.shown.contains(offices.theirs.word), "\(route.method) \(route.path)")
                let after = try await offices.contents(of: offices.theirs)
                #expect(after == before, "\(route.method) \(route.path)")
            }
        }
    }

    /// With the other's ids also in the query, or in the form.
    private func send(
        _ route: PageRoute, _ address: String, _ browser: Browser, _ offices: TwoOffices
    ) async throws -> Browser.Page {
        let fields = offices.fields(of: offices.theirs)
        if route.method == .get {
            let query = Form(fields.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }).encoded
            return try await browser.get("\(address)?\(query)", follow: false)
        }
        try await browser.get("/account")
        return try await browser.post(address, fields, follow: false)
    }

    @Test("No address of the REST API answers with, or touches, another organization's things")
    func api() async throws {
        let offices = try await TwoOffices()
        try await offices.portal.run(.router) { client in
            let before = try await offices.contents(of: offices.theirs)
            for route in PortalServer.routes {
                let name = "\(route.method.rawValue) \(route.path)"
                let address = APIRoute.prefix + (try offices.address(route.path, offices.theirs))
                let body = route.method == .get ? nil : Self.bodies(offices)[name] ?? [:]
                let answer = try await client.send(route.method, address, body)
                if route.path.contains("{") {
                    // What lacks a parameter is refused before anything is looked for.
                    let refusals: [HTTPResponse.Status] = [.notFound, .badRequest]
                    #expect(refusals.contains(answer.status), "\(name): \(answer.text)")
                } else {
                    #expect(answer.status.code < 500, "\(name)")
                }
                #expect(!answer.text.contains(offices.theirs.word), "\(name)")
                let after = try await offices.contents(of: offices.theirs)
                #expect(after == before, "\(name)")
            }
        }
    }

    /// Bodies that would be accepted, with the other organization's ids in them: what is refused is refused for whose it is.
    private static func bodies(_ offices: TwoOffices) -> [String: JSONValue] {
        let theirs = offices.theirs
        func id(_ name: String) -> JSONValue { .string(theirs.ids[name] ?? "") }
        return [
            "POST /bookings": booking(theirs.ids["rooms"] ?? "", "14:00", "15:00"),
            "PATCH /rooms/{id}": ["name": "Mine"], "PATCH /bookings/{id}": ["subject": "Mine"],
            "PATCH /bookings/{id}/occurrences/{occurrence}": ["subject": "Mine"],
            "POST /clashes/{id}/decision": ["keep": "a"], "POST /links/{id}/drift/repair": ["all": true],
            "PATCH /members/{id}": ["role": "administrator"],
            "PUT /setups/{id}/mapping": ["rows": []], "POST /setups/{id}/mapping/csv": ["csv": "room,resource\n"],
            "POST /setups/{id}/resources": ["address": "a@b.example"],
            "PUT /setups/{id}/preview/{room}/decisions": ["decisions": []],
            "PATCH /settings": ["doctorReaders": [id("members")]],
        ]
    }
}

extension Browser.Page {
    /// The page without the address that its reader asked for, which language and theme lead back to.
    fileprivate var shown: String { text.replacing(/name="next" value="[^"]*"/, with: "") }
}
