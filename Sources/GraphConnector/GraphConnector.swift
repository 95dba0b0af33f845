import CalendarModel
import HTTPTransport
import Logging
import SyncEngine

/// Microsoft 365 behind the connector's port: rooms from places, calendars through Microsoft Graph, sign-in by any
/// ``TokenSource``. A value; what it shares (speed limits, tokens, connections) is passed in.
package struct GraphConnector: CalendarConnector {
    package let configuration: GraphConfiguration
    let client: GraphClient
    private(set) var zoneOfRoom: @Sendable (String) -> ZoneID

    /// - Parameters:
    ///   - gates: the speed limits; pass the same ones to all connectors of one application. Nil for its own: four calls a
    ///     mailbox and sixteen over all.
    ///   - zoneOfRoom: the zone of a resource, by its address: the zone of the LoopBooking room it is linked to.
    package init(
        configuration: GraphConfiguration, tokens: any TokenSource, transport: HTTPTransport, gates: Gates? = nil,
        retries: RetryPolicy = RetryPolicy(),
        zoneOfRoom: @escaping @Sendable (_ address: String) -> ZoneID = { _ in .utc },
        surroundings: Surroundings, logger: Logger
    ) {
        self.configuration = configuration
        self.zoneOfRoom = zoneOfRoom
        client = GraphClient(
            configuration: configuration, tokens: tokens, transport: transport,
            gates: gates ?? Gates(now: surroundings.now, sleep: surroundings.sleep), retries: retries,
            surroundings: surroundings, logger: logger)
    }

    package var capabilities: ConnectorCapabilities {
        ConnectorCapabilities(
            conditionalUpdates: true, checksClashes: false,
            writingModes: configuration.serviceAccount == nil ? [.direct] : [.direct, .invite],
            concurrentCallsPerResource: 4, proposesNewTimes: true, knowsPeople: true)
    }

    package func expresses(_ meeting: Meeting) -> Bool { Self.reasonNotExpressed(meeting) == nil }

    /// Why Exchange cannot hold the meeting as one event, as the second half of a sentence; nil when it can.
    package static func reasonNotExpressed(_ meeting: Meeting) -> String? {
        // All-day series float: in which zone does not matter for what can be said of them.
        meeting.inexpressible(roomZone: .utc)?.rawValue
    }

    /// Runs `body` and lets out only the port's error.
    func atPort<Value>(_ body: () async throws(GraphFault) -> Value) async throws(ConnectorError) -> Value {
        do { return try await body() } catch { throw error.error }
    }

    /// This connector for what the service account organizes in a room: its mailbox has the room's zone then, by which
    /// zones are named and whole days are held.
    func organizing(in address: String) -> GraphConnector {
        guard let account = configuration.serviceAccount?.lowercased() else { return self }
        var result = self
        result.zoneOfRoom = { [zoneOfRoom] other in zoneOfRoom(other.lowercased() == account ? address : other) }
        return result
    }

    func reader(of address: String) -> RoomReader {
        RoomReader(client: client, events: EventReader(address: address, roomZone: zoneOfRoom(address)))
    }
}
