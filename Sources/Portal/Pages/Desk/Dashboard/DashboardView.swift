import CalendarModel
import CalendarTime
import SQLStore
import SyncEngine

/// The dashboard's rooms and figures as its templates want them.
struct DashboardView {
    private let rooms: [RoomOverview]
    private let filter: DashboardFilter
    private let request: PageRequest
    private let base: String
    private let now: Instant
    /// The rooms that pass the filter, what needs somebody first, then by name.
    let found: [RoomOverview]

    init(_ rooms: [RoomOverview], filter: DashboardFilter, request: PageRequest, base: String, now: Instant) {
        self.rooms = rooms
        self.filter = filter
        self.request = request
        self.base = base
        self.now = now
        let accepted = rooms.filter(filter.accepts).enumerated()
        found = accepted.sorted { left, right in
            (Self.urgency(left.element), left.offset) < (Self.urgency(right.element), right.offset)
        }.map(\.element)
    }

    private var words: Words { request.words }

    private static func urgency(_ room: RoomOverview) -> Int {
        guard let link = room.link else { return 5 }
        // An open clash is somebody's business, however well the link runs.
        return link.openClashes > 0 ? min(link.condition.urgency, 2) : link.condition.urgency
    }

    private func count(_ condition: LinkRecord.Condition) -> Int {
        rooms.count { $0.link?.condition == condition }
    }

    // MARK: Figures

    /// One sentence that answers the page's question.
    var lead: String {
        let linked = rooms.count { $0.link != nil }
        guard linked > 0 else { return words["dashboard.lead.none"] }
        let waiting = count(.stopped)
        let values = ["inSync": String(count(.inSync)), "linked": String(linked), "waiting": String(waiting)]
        switch waiting {
        case 0: return words("dashboard.lead", values)
        case 1: return words("dashboard.lead.one", values)
        default: return words("dashboard.lead.many", values)
        }
    }

    var tiles: JSONValue {
        let links = rooms.compactMap(\.link)
        func tile(_ name: String, _ figure: Int, of total: Int? = nil, path: String) -> JSONValue {
            [
                "label": .string(words["dashboard.tile.\(name)"]), "figure": .integer(Int64(figure)),
                "of": total.map { .string(words("dashboard.tile.of", ["count": String($0)])) } ?? .null,
                "path": .string(path),
            ]
        }
        func shown(_ name: String) -> String { "\(base)?show=\(name)" }
        let conditions: [LinkRecord.Condition] = [.inSync, .catchingUp, .notCertain, .stopped, .paused]
        var tiles = conditions.map { condition in
            tile(
                condition.name, count(condition), of: condition == .inSync ? links.count : nil,
                path: shown(condition.name))
        }
        tiles.append(tile("clashes", links.reduce(0) { $0 + $1.openClashes }, path: "\(base)/clashes"))
        tiles.append(tile("drift", links.reduce(0) { $0 + $1.openDrift }, path: "\(base)/drift"))
        tiles.append(tile("waiting", links.reduce(0) { $0 + $1.openIntents }, path: "\(base)/queue"))
        return .array(tiles)
    }

    var choices: JSONValue {
        .array(
            DashboardFilter.choices.map { name in
                [
                    "name": .string(name), "label": .string(words["dashboard.show.\(name)"]),
                    "isChosen": .bool(filter.show == name),
                ]
            })
    }

    // MARK: Rooms

    func row(_ room: RoomOverview, latency: LatencyWeek? = nil) -> JSONValue {
        guard let link = room.link else {
            return [
                "name": .string(room.name), "path": .string(path(room)), "resource": .null,
                "status": request.mark("notChecked", icon: "not-checked", words["condition.unlinked"]), "ago": .null,
                "problem": .null, "hold": .null, "tags": [], "isLinked": false, "latency": .null, "chart": .null,
            ]
        }
        return [
            "name": .string(room.name), "path": .string(path(room)), "resource": .string(link.resourceAddress),
            "status": request.status(link.condition), "ago": .optional(ago(room, link)),
            "problem": request.diagnosis(link.problem), "hold": hold(link), "tags": tags(link), "isLinked": true,
            "latency": latency?.now.map { .string(request.times(in: room.zone).length(.seconds($0))) } ?? .null,
            "chart": latency.map { chart(room, $0) } ?? .null,
        ]
    }

    private func chart(_ room: RoomOverview, _ week: LatencyWeek) -> JSONValue {
        let times = request.times(in: room.zone)
        let texts = week.days.map { $0.map { times.length(.seconds($0)) } ?? words["dashboard.week.none"] }
        guard
            case .object(var fields) = LatencyChart(bars: week.days, width: 168, height: 40).values
        else { return .null }
        fields["label"] = .string(
            words("dashboard.week.label", ["room": room.name, "days": texts.joined(separator: ", ")]))
        return .object(fields)
    }

    /// A room on the wall screen.
    func roomCard(_ room: RoomOverview) -> JSONValue {
        let condition = room.link?.condition
        var text = room.link.flatMap { ago(room, $0) }.map { words("dashboard.lastPass", ["ago": $0]) }
        if let clashes = room.link?.openClashes, clashes > 0 { text = words.counted("dashboard.clashes", clashes) }
        return [
            "name": .string(room.name), "path": .string(path(room)),
            "kind": .string(condition?.name ?? "notChecked"), "icon": .string(condition?.icon ?? "not-checked"),
            "word": .string(words["condition.\(condition?.name ?? "unlinked")"]), "text": .optional(text),
        ]
    }

    private func path(_ room: RoomOverview) -> String { "\(base)/rooms/\(Form.encoded(room.room.rawValue))" }

    private func ago(_ room: RoomOverview, _ link: LinkOverview) -> String? {
        link.passedAt.map { request.times(in: room.zone).ago($0, now: now) }
    }

    private func hold(_ link: LinkOverview) -> JSONValue {
        guard let hold = link.hold else { return .null }
        return [
            "text": .string(
                words("dashboard.held", ["vanished": String(hold.vanished), "of": String(hold.of)])),
            "path": .string("\(base)/links/\(Form.encoded(link.id.rawValue))/held"),
        ]
    }

    private func tags(_ link: LinkOverview) -> JSONValue {
        var tags: [JSONValue] = []
        if link.openClashes > 0 {
            tags.append([
                "path": .string("\(base)/clashes"),
                "text": .string(words.counted("dashboard.clashes", link.openClashes)), "icon": "clash",
            ])
        }
        if link.openDrift > 0 {
            tags.append([
                "path": .string("\(base)/links/\(Form.encoded(link.id.rawValue))/drift"),
                "text": .string(words.counted("dashboard.drift", link.openDrift)), "icon": "drift",
            ])
        }
        return .array(tags)
    }
}
