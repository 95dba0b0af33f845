import CalendarModel
import HTTPTransport
import SyncEngine

extension GraphConnector {
    static let placesPage = 100

    /// The rooms of the organization's places. Graph gives no next link here, so pages are asked for by number until one is not
    /// full; a next link is followed where there is one. A new room is listed only after a day or two.
    package func discoverResources() async throws(ConnectorError) -> [Resource] {
        try await atPort { () async throws(GraphFault) in
            var found: [String: Resource] = [:]
            var skipped = 0
            var target = Self.placesPath(skipping: 0)
            while true {
                let page: GraphPage<GraphPlace>
                do throws(GraphFault) {
                    page = try await places(target)
                } catch {
                    // What an organization without rooms answers.
                    if error.kind == .notFound { break }
                    throw error
                }
                let known = found.count
                for place in page.items {
                    guard let resource = Self.resource(place) else { continue }
                    found[resource.address.lowercased()] = resource
                }
                // A server that ignores $skip brings the same page for ever.
                if found.count == known { break }
                skipped += page.items.count + page.unreadable
                if let next = page.nextLink {
                    target = next
                } else if page.items.count + page.unreadable >= Self.placesPage {
                    target = Self.placesPath(skipping: skipped)
                } else {
                    break
                }
            }
            return found.values.sorted { ($0.name, $0.address) < ($1.name, $1.address) }
        }
    }

    /// A room by its address, listed or not; fails when its calendar cannot be read.
    package func resource(at address: String) async throws(ConnectorError) -> Resource {
        try await atPort { () async throws(GraphFault) in
            let calendar = try await calendar(of: address)
            return Resource(address: address, name: calendar.owner?.name ?? address)
        }
    }

    func calendar(of address: String) async throws(GraphFault) -> GraphCalendar {
        let query = WebText.query([("$select", "id,name,owner,canEdit,canViewPrivateItems")])
        do throws(GraphFault) {
            return try await client.get(
                GraphCalendar.self,
                GraphCall("calendar.probe", .get, "\(GraphPath.calendar(address))?\(query)", mailbox: address))
        } catch {
            // No event is meant here: a calendar that is "not found" is one that we have no right to.
            guard error.kind == .notFound else { throw error }
            var fault = error
            let row = GraphFaultRow.row(status: 403, code: "DelegatedCalendarAccessDenied")
            fault.error.kind = .forbidden
            fault.error.diagnosis.code = row.code
            fault.error.diagnosis.summary = "\(address): \(row.summary)"
            fault.error.diagnosis.consequence = row.consequence
            fault.error.diagnosis.remedy = row.remedy
            fault.error.diagnosis.step = row.step
            throw fault
        }
    }

    func places(_ target: String) async throws(GraphFault) -> GraphPage<GraphPlace> {
        try await client.get(
            GraphPage<GraphPlace>.self,
            GraphCall("places.list", .get, target, mailbox: "places of \(configuration.tenant)"))
    }

    static func placesPath(skipping count: Int, top: Int = placesPage) -> String {
        let query = WebText.query([("$top", String(top)), ("$skip", String(count))])
        return "/places/microsoft.graph.room?\(query)"
    }

    private static func resource(_ place: GraphPlace) -> Resource? {
        guard let address = place.emailAddress, !address.isEmpty else { return nil }
        return Resource(
            address: address, name: place.displayName ?? address, capacity: place.capacity, building: place.building,
            floor: place.floor)
    }
}
