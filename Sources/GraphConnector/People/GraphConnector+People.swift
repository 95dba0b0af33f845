import CalendarModel
import Foundation
import HTTPTransport
import SyncEngine

/// Whether people are still in the tenant's directory. Needs `User.ReadBasic.All`, which the sync itself can do without.
extension GraphConnector {
    package func people(_ addresses: [String]) async throws(ConnectorError) -> [String: Presence] {
        var result = Dictionary(addresses.map { ($0, Presence.unknown) }, uniquingKeysWith: { $1 })
        guard !addresses.isEmpty else { return result }
        let granted = await grantedToRead()
        if let granted, granted.isDisjoint(with: Self.directoryScopes) {
            throw ConnectorError(.forbidden, operation: "people.find", diagnosis: Self.noDirectory)
        }
        try await atPort { () async throws(GraphFault) in
            let domains = try await verifiedDomains()
            for address in result.keys where !domains.contains(Self.domain(of: address)) {
                result[address] = .notAPerson
            }
            let own = result.filter { $0.value == .unknown }.keys.sorted()
            // Who is asked for by name, and then those whose sign-in name is not their address.
            let seesDisabled = granted.map { !$0.isDisjoint(with: Self.fullScopes) } ?? false
            let named = try await presences(of: own, seesDisabled: seesDisabled) { address in
                "\(GraphPath.user(address))?" + Self.select(seesDisabled)
            }
            let others = named.filter { $0.value == .gone }.keys.sorted()
            let found = try await presences(of: others, seesDisabled: seesDisabled) { address in
                let filter = "mail eq '\(address.replacing("'", with: "''"))'"
                return "/users?" + Self.select(seesDisabled) + "&" + WebText.query([("$filter", filter)])
            }
            result.merge(named) { $1 }
            result.merge(found) { $1 }
        }
        return result
    }

    private static let fullScopes: Set<String> = ["User.Read.All", "User.ReadWrite.All", "Directory.Read.All"]
    private static let directoryScopes = fullScopes.union(["User.ReadBasic.All"])

    static let noDirectory = Diagnosis(
        code: "microsoft.people.notAllowed", summary: "The sync may not ask the directory who is still there.",
        consequence: "Bookings of people who left are not found. Nothing else is affected.",
        remedy:
            "Grant the delegated permission User.ReadBasic.All (“Read all users' basic profiles”) to the application.")

    /// Nil for an application's own token, which does not say.
    private func grantedToRead() async -> Set<String>? {
        if let granted = await client.tokens.grantedScopes() { return granted }
        _ = try? await client.tokens.token(replacing: nil)
        return await client.tokens.grantedScopes()
    }

    private static func domain(of address: String) -> String {
        address.split(separator: "@").last.map { $0.lowercased() } ?? ""
    }

    private static func select(_ seesDisabled: Bool) -> String {
        WebText.query([("$select", seesDisabled ? "id,mail,accountEnabled" : "id,mail")])
    }

    private var directory: String { "directory of \(configuration.tenant)" }

    private struct Organization: Decodable, Sendable {
        struct Domain: Decodable, Sendable { let name: String? }
        let verifiedDomains: [Domain]?
    }

    private struct DirectoryUser: Decodable, Sendable { let accountEnabled: Bool? }

    /// Of other domains nothing is known here.
    private func verifiedDomains() async throws(GraphFault) -> Set<String> {
        let query = WebText.query([("$select", "id,displayName,verifiedDomains")])
        let page = try await client.get(
            GraphPage<Organization>.self,
            GraphCall("organization.get", .get, "/organization?\(query)", mailbox: directory))
        return Set(page.items.flatMap { $0.verifiedDomains ?? [] }.compactMap { $0.name?.lowercased() })
    }

    private func presences(
        of addresses: [String], seesDisabled: Bool, target: (String) -> String
    ) async throws(GraphFault) -> [String: Presence] {
        var result: [String: Presence] = [:]
        let operation = "people.find"
        for start in stride(from: 0, to: addresses.count, by: GraphClient.batchLimit) {
            let some = addresses[start..<min(start + GraphClient.batchLimit, addresses.count)]
            let requests = some.map { BatchRequest($0, .get, target($0)) }
            let outcome = try await client.sendBatch(requests, operation: operation, mailbox: directory)
            for address in some {
                result[address] = try presence(address, outcome, operation)
            }
        }
        return result
    }

    private func presence(
        _ address: String, _ outcome: BatchOutcome, _ operation: String
    ) throws(GraphFault) -> Presence {
        guard let answer = outcome.answers[address] else { return .unknown }
        if answer.status == 404 { return .gone }
        guard answer.isSuccess else {
            guard let fault = client.fault(of: address, in: outcome, operation: operation, mailbox: "") else {
                return .unknown
            }
            guard fault.kind == .forbidden, answer.status == 403 else { throw fault }
            var denied = fault
            denied.error.diagnosis = Self.noDirectory
            denied.error.diagnosis.vendorCode = fault.error.diagnosis.vendorCode
            throw denied
        }
        if let page = try? JSONDecoder().decode(GraphPage<DirectoryUser>.self, from: answer.data) {
            guard let first = page.items.first else { return .gone }
            return first.accountEnabled == false ? .disabled : .present
        }
        let user = try? JSONDecoder().decode(DirectoryUser.self, from: answer.data)
        return user?.accountEnabled == false ? .disabled : .present
    }
}
