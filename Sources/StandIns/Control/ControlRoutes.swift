import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Installs the control API: seeding, faults, and looking inside. For tests and people on the same machine; it asks for
/// no credentials.
package func addControlRoutes(to router: Router<BasicRequestContext>, sim: LoopSim) {
    let control = router.group("control/v1")
    addWorldRoutes(to: control, world: sim.world)
    addObservationRoutes(to: control, sim: sim)
}

private func addWorldRoutes(to control: RouterGroup<BasicRequestContext>, world: World) {
    control.post("world") { request, _ in
        try await controlReply(request, status: .created) { document in
            try await world.seed(document)
            return ["tenants": .array(try await world.allTenants().map(JSONDocument.init(encoding:)))]
        }
    }
    control.get("tenants") { request, _ in
        try await controlReply(request) { _ in
            ["tenants": .array(try await world.allTenants().map(JSONDocument.init(encoding:)))]
        }
    }
    control.post("tenants") { request, _ in
        try await controlReply(request, status: .created) {
            try JSONDocument(encoding: await world.addTenant($0))
        }
    }
    control.get("tenants/:tenant") { request, context in
        try await controlReply(request) { _ in
            try JSONDocument(encoding: await world.required(segment("tenant", context)))
        }
    }
    control.patch("tenants/:tenant") { request, context in
        try await controlReply(request) {
            try JSONDocument(encoding: await world.changeTenant(segment("tenant", context), $0))
        }
    }
    addPeopleRoutes(to: control.group("tenants/:tenant"), world: world)
    control.post("mailboxes/:address/import") { request, context in
        try await controlReply(request, status: .created) { (text: String) in
            let zone = request.queryFields["timeZone"]
            return try await world.importCalendar(text, into: segment("address", context), timeZone: zone)
        }
    }
    control.get("registrations") { request, _ in
        try await controlReply(request) { _ in
            ["registrations": .array(try await world.allRegistrations().map(JSONDocument.init(encoding:)))]
        }
    }
    control.post("registrations") { request, _ in
        try await controlReply(request, status: .created) {
            try JSONDocument(encoding: await world.addRegistration($0))
        }
    }
    control.patch("registrations/:client") { request, context in
        try await controlReply(request) {
            try JSONDocument(encoding: await world.changeRegistration(segment("client", context), $0))
        }
    }
    control.post("tokens/expire") { request, _ in
        try await controlReply(request) { _ in
            await world.expireAccessTokens()
            return [:]
        }
    }
}

private func addPeopleRoutes(to tenant: RouterGroup<BasicRequestContext>, world: World) {
    tenant.post("users") { request, context in
        try await controlReply(request, status: .created) {
            try JSONDocument(encoding: await world.addUser($0, to: segment("tenant", context)))
        }
    }
    tenant.patch("users/:user") { request, context in
        try await controlReply(request) {
            try JSONDocument(
                encoding: await world.changeUser(segment("user", context), of: segment("tenant", context), $0))
        }
    }
    tenant.delete("users/:user") { request, context in
        try await controlReply(request) { _ in
            try await world.removeUser(segment("user", context), of: segment("tenant", context))
            return [:]
        }
    }
    tenant.post("users/:user/revoke-sessions") { request, context in
        try await controlReply(request) { _ in
            try await world.revokeSessions(segment("user", context), of: segment("tenant", context))
            return [:]
        }
    }
    tenant.post("rooms") { request, context in
        try await controlReply(request, status: .created) {
            try JSONDocument(encoding: await world.addRoom($0, to: segment("tenant", context)))
        }
    }
    tenant.patch("rooms/:room") { request, context in
        try await controlReply(request) {
            try JSONDocument(
                encoding: await world.changeRoom(segment("room", context), of: segment("tenant", context), $0))
        }
    }
    tenant.delete("rooms/:room") { request, context in
        try await controlReply(request) { _ in
            try await world.removeRoom(segment("room", context), of: segment("tenant", context))
            return [:]
        }
    }
    tenant.put("applications/:client") { request, context in
        try await controlReply(request) {
            try JSONDocument(
                encoding: await world.putApplication(segment("client", context), $0, in: segment("tenant", context)))
        }
    }
    tenant.delete("applications/:client") { request, context in
        try await controlReply(request) { _ in
            try await world.removeApplication(segment("client", context), from: segment("tenant", context))
            return [:]
        }
    }
}

private func addObservationRoutes(to control: RouterGroup<BasicRequestContext>, sim: LoopSim) {
    control.get("health") { request, _ in
        try await controlReply(request) { _ in
            [
                "status": "ok", "seed": .integer(Int64(truncatingIfNeeded: sim.world.settings.seed)),
                "settings": try JSONDocument(encoding: sim.world.settings),
            ]
        }
    }
    control.get("requests") { request, _ in
        try await controlReply(request) { _ in
            let query = request.queryFields
            let after = query["after"].flatMap(Int.init) ?? 0
            let (next, entries) = await sim.requests.entries(after: after, path: query["path"])
            return [
                "next": .integer(Int64(next)),
                "requests": .array(try entries.map(JSONDocument.init(encoding:))),
            ]
        }
    }
    control.delete("requests") { request, _ in
        try await controlReply(request) { _ in
            await sim.requests.clear()
            return [:]
        }
    }
    control.get("violations") { request, _ in
        try await controlReply(request) { _ in
            guard let monitor = sim.schema else {
                throw ControlError(
                    status: 404, code: "noSchema",
                    message: "Nothing is checked: start loopsim with --schema FILE, a CSDL description of Graph.")
            }
            return try JSONDocument(encoding: await monitor.report())
        }
    }
    control.get("faults") { request, _ in
        try await controlReply(request) { _ in
            let rules = try await sim.faults.state().map { rule, hits -> JSONDocument in
                var members = try JSONDocument(encoding: rule).object ?? [:]
                members["hits"] = .integer(Int64(hits))
                return .object(members)
            }
            return ["rules": .array(rules)]
        }
    }
    control.put("faults") { request, _ in
        try await controlReply(request) { document in
            let schedule: FaultPlan.Schedule
            do {
                schedule = try document.decoded(as: FaultPlan.Schedule.self)
            } catch {
                let kinds = Fault.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw ControlError.invalid(
                    "The body must be {\"seed\":7,\"rules\":[{\"kind\":…,\"probability\":…}]}; kinds are: \(kinds).")
            }
            await sim.faults.set(schedule)
            return try JSONDocument(encoding: schedule)
        }
    }
    control.delete("faults") { request, _ in
        try await controlReply(request) { _ in
            await sim.faults.clear()
            return [:]
        }
    }
}

func segment(_ name: String, _ context: BasicRequestContext) throws -> String {
    let value = try context.parameters.require(name)
    return value.removingPercentEncoding ?? value
}

/// Reads a JSON body where there is one, answers with JSON, and turns refusals into their bodies.
func controlReply(
    _ request: Request, status: HTTPResponse.Status = .ok,
    _ body: (JSONDocument) async throws -> JSONDocument
) async throws -> Response {
    try await controlReply(request, status: status) { (text: String) in
        guard !text.isEmpty else { return try await body([:]) }
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: Data(text.utf8))
        } catch {
            throw ControlError.invalid("The body is not JSON.")
        }
        return try await body(document)
    }
}

/// The same for a body in another form.
private func controlReply(
    _ request: Request, status: HTTPResponse.Status, _ body: (String) async throws -> JSONDocument
) async throws -> Response {
    do {
        let buffer = try await request.body.collect(upTo: 32 << 20)
        return try Response.json(await body(String(buffer: buffer)), status: status)
    } catch let error as ControlError {
        return try Response.json(error.document, status: HTTPResponse.Status(code: error.status))
    }
}
