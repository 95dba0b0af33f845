import CalendarModel
import SQLStore
import SyncEngine

/// Finds coming bookings whose organizer is not in the organization's directory any more: rooms that stay blocked for people
/// who left.
package struct Leavers: Sendable {
    private let store: Store
    private let connectors: any ConnectorSource
    private let now: @Sendable () -> Instant

    package init(store: Store, connectors: any ConnectorSource, now: @escaping @Sendable () -> Instant) {
        self.store = store
        self.connectors = connectors
        self.now = now
    }

    package func find(in organization: OrganizationID) async throws -> LeaverReport {
        let bookings = try await store.comingBookings(of: organization, now: now())
        let rooms = Set(try await store.links(of: organization).map { $0.link.resourceAddress.lowercased() })
        let byAddress = Dictionary(grouping: bookings) { $0.organizer.address.lowercased() }
            .filter { !rooms.contains($0.key) }
        var report = LeaverReport(askedAt: now(), people: [], asked: byAddress.count, unknown: 0, obstacles: [])
        guard !byAddress.isEmpty else { return report }
        let known = try await presences(of: byAddress.keys.sorted(), in: organization, &report)
        for (address, theirs) in byAddress {
            switch known[address] ?? .unknown {
            case .gone, .disabled:
                guard let person = theirs.first?.organizer else { continue }
                report.people.append(Leaver(person: person, presence: known[address] ?? .gone, bookings: theirs))
            case .unknown: report.unknown += 1
            case .present, .notAPerson: break
            }
        }
        report.people.sort { ($0.nextStart, $0.person.address) < ($1.nextStart, $1.person.address) }
        return report
    }

    /// What all connections together know: whoever is in one directory has not left.
    private func presences(
        of addresses: [String], in organization: OrganizationID, _ report: inout LeaverReport
    ) async throws -> [String: Presence] {
        var known: [String: Presence] = [:]
        for connection in try await store.connections(of: organization) {
            do {
                let connector = try await connectors.connector(for: connection.id)
                guard connector.capabilities.knowsPeople else {
                    report.obstacles.append(Self.cannotBeAsked(connection.name))
                    continue
                }
                known.merge(try await connector.people(addresses)) { Self.stronger($0, $1) }
            } catch let error as any DiagnosedError {
                report.obstacles.append(error.diagnosis)
            }
        }
        return known
    }

    private static func stronger(_ left: Presence, _ right: Presence) -> Presence {
        let order: [Presence] = [.present, .disabled, .gone, .unknown, .notAPerson]
        return order.first { $0 == left || $0 == right } ?? .unknown
    }

    private static func cannotBeAsked(_ name: String) -> Diagnosis {
        Diagnosis(
            code: "leavers.notAsked", summary: "\(name) has no directory of people that can be asked.",
            consequence: "Bookings of people who left are not found.", remedy: "Nothing to do.")
    }
}

/// Somebody who left, with what is still booked.
package struct Leaver: Hashable, Sendable {
    package var person: Person
    /// `.gone`, or `.disabled`.
    package var presence: Presence
    /// By start.
    package var bookings: [ComingBooking]

    var nextStart: Instant { bookings.first?.span.start ?? .distantFuture }
}

package struct LeaverReport: Hashable, Sendable {
    package var askedAt: Instant
    package var people: [Leaver]
    /// About how many people the directory was asked.
    package var asked: Int
    /// Of how many nothing could be known.
    package var unknown: Int
    /// Why not everybody could be checked.
    package var obstacles: [Diagnosis]

    /// Whether anything could be known at all.
    package var isCheckable: Bool { obstacles.isEmpty || unknown < asked }
}
