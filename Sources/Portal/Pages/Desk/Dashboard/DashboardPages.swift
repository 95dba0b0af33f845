import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore

/// The organization's first page: every room with the condition of its link, what needs somebody first.
enum DashboardPages {
    static let all: [PageRoute] = [PageRoute.of(.get, "", .read, handler: page)]

    /// No screen shows more; what needs somebody comes first.
    private static let wallSize = 240
    private static let pageSize = 40

    @Sendable private static func page(_ request: PageRequest) async throws -> Response {
        let organization = try request.organization().id
        let now = request.services.now()
        let rooms = try await request.store.overview(of: organization, now: now)
        let isWall = request.query("view") == "wall"
        let filter = DashboardFilter(
            show: isWall ? nil : request.query("show"), text: isWall ? nil : request.query("q"))
        let view = DashboardView(rooms, filter: filter, request: request, base: try request.path(), now: now)
        var values: [String: JSONValue] = [
            "tiles": view.tiles, "lead": .string(view.lead), "may": request.may, "hasRooms": .bool(!rooms.isEmpty),
            "hasLinks": .bool(rooms.contains { $0.link != nil }), "setup": .string(try request.path("setup")),
        ]
        if isWall {
            values["rooms"] = .array(view.found.prefix(wallSize).map(view.roomCard))
            let further = view.found.count - wallSize
            values["further"] = further > 0 ? .string(request.words.counted("dashboard.further", further)) : .null
            return request.page(
                "wall", title: request.words["dashboard.title"], section: "dashboard", live: true, values)
        }
        let turner = PageTurner(
            count: view.found.count, size: pageSize, page: request.query("page").flatMap { Int($0) } ?? 1)
        let shown = view.found[turner.range]
        let zone = rooms.first?.zone ?? .utc
        let weeks = try await request.store.latencyWeeks(
            of: organization, links: shown.compactMap { $0.link?.id }, since: LatencyChart.weekStart(now, in: zone),
            days: 7, recent: now.advanced(by: .seconds(-3600)))
        values["rows"] = .array(shown.map { view.row($0, latency: $0.link.flatMap { weeks[$0.id] }) })
        values["isFound"] = .bool(!view.found.isEmpty)
        values["pages"] = turner.values("\(try request.path())?\(filter.query)")
        values["q"] = .string(filter.text ?? "")
        values["choices"] = view.choices
        values["all"] = .string(try request.path())
        return request.page(
            "dashboard", title: request.words["dashboard.title"], section: "dashboard", live: true, values)
    }
}

/// Which rooms are listed.
struct DashboardFilter: Sendable {
    /// A condition's name, `unlinked`, `clashes`, `drift`, `waiting`, or `trouble` for everything that is not in sync.
    var show: String?
    var text: String?

    static let choices = ["trouble", "inSync", "catchingUp", "notCertain", "stopped", "paused", "unlinked"]

    func accepts(_ room: RoomOverview) -> Bool {
        if let text {
            let wanted = text.lowercased()
            let names = [room.name, room.link?.resourceAddress ?? "", room.link?.resourceName ?? ""]
            guard names.contains(where: { $0.lowercased().contains(wanted) }) else { return false }
        }
        switch show {
        case nil: return true
        case "unlinked": return room.link == nil
        case "clashes": return (room.link?.openClashes ?? 0) > 0
        case "drift": return (room.link?.openDrift ?? 0) > 0
        case "waiting": return (room.link?.openIntents ?? 0) > 0
        case "trouble": return room.link?.condition != .inSync
        case let name?: return room.link?.condition.name == name
        }
    }

    /// For addresses that keep the filter; ends so that more can follow.
    var query: String {
        var parts = ""
        if let text { parts += "q=\(Form.encoded(text))&" }
        if let show { parts += "show=\(Form.encoded(show))&" }
        return parts
    }
}
