import CalendarModel
import CalendarTime
import HTTPTypes
import Hummingbird
import LoopBooking
import SQLStore
import SyncEngine
import SyncService

/// The last two steps: everything that would happen, each item to be decided, and then letting it happen.
enum SetupPreviewPages {
    static let all: [PageRoute] = [
        PageRoute.of(.get, "setup/{setup}/preview", .administer, handler: show),
        PageRoute.of(.post, "setup/{setup}/preview", .administer, handler: want),
        PageRoute.of(.get, "setup/{setup}/preview/{room}", .administer) { request in
            try await SetupPreviewRoom(request).show()
        },
        PageRoute.of(.post, "setup/{setup}/preview/{room}", .administer, handler: decide),
    ]

    @Sendable private static func show(_ request: PageRequest) async throws -> Response {
        let page = try await SetupPage(request)
        let words = request.words
        let states = try await request.setupDesk().rooms(of: page.id)
        let counts = states.compactMap(\.counts)
        let total = counts.reduce(PreviewCounts(), +)
        let waiting = states.count { $0.isWaiting }
        func count(_ kind: PreviewItem.Kind) -> JSONValue { .string(String(total.count(kind))) }
        return try page.show(
            .preview, live: true,
            [
                "hasRooms": .bool(!states.isEmpty), "hasPreviews": .bool(!counts.isEmpty),
                "allMade": .bool(!states.isEmpty && counts.count == states.count && waiting == 0),
                "waiting": waiting == 0
                    ? .null : .string(words.counted("setup.preview.waiting", waiting)),
                "waitingValue": .string(String(states.count - waiting)), "waitingMax": .string(String(states.count)),
                "figures": .array(
                    PreviewItem.Kind.allCases.map { kind in
                        ["name": .string(words["setup.kind.\(kind.rawValue)"]), "count": count(kind)]
                    }),
                "rooms": .array(
                    try states.map { state in
                        let counts = state.counts
                        return [
                            "room": .string(state.room.name),
                            "resource": .string(state.resource?.resource.name ?? state.address),
                            "path": .string(try page.path(.preview) + "/" + Form.encoded(state.room.id.rawValue)),
                            "isMade": .bool(counts != nil && counts?.failure == nil),
                            "isWaiting": .bool(state.isWaiting), "failure": .optional(counts?.failure),
                            "clashes": .string(String(counts?.count(.clash) ?? 0)),
                            "changes": .string(String((counts?.count(.change) ?? 0) + (counts?.count(.other) ?? 0))),
                            "writes": .string(String(counts?.count(.writeEvent) ?? 0)),
                            "takes": .string(String(counts?.count(.takeBooking) ?? 0)),
                            "same": .string(String(counts?.count(.same) ?? 0)),
                            "decided": .string(String(state.decisions.count)),
                        ]
                    }),
                "action": .string(try page.path(.preview)), "mapping": .string(try page.path(.mapping)),
                "next": .string(try page.path(.switchOn)),
            ])
    }

    @Sendable private static func want(_ request: PageRequest) async throws -> Response {
        let page = try await SetupPage(request)
        do {
            try await request.setupDesk().wantPreviews(page.id)
        } catch SetupError.stepMissing(let step) {
            return try page.go(step, PageNotice(.warning, request.words["setup.missing.\(step.rawValue)"]))
        }
        try await request.audit("setup.preview", page.draft.name)
        return try page.go(.preview)
    }

    @Sendable private static func decide(_ request: PageRequest) async throws -> Response {
        let preview = try await SetupPreviewRoom(request)
        var words: [String: String] = [:]
        for (name, value) in request.form.fields where name.hasPrefix("item.") {
            words[String(name.dropFirst("item.".count))] = value
        }
        do {
            try await request.setupDesk().decide(words, for: preview.room.id, in: preview.page.id)
        } catch SetupError.fields {
            return try preview.page.go(.preview, PageNotice(.warning, request.words["setup.preview.outdated"]))
        } catch SetupError.stepMissing { return try preview.page.go(.preview) }
        try await request.audit(
            "setup.decide", preview.page.draft.name,
            detail: "\(preview.room.name): \(words.values.count { !$0.isEmpty })")
        let path = try preview.page.path(.preview) + "/" + Form.encoded(preview.room.id.rawValue)
        let number = request.form.line("page")
        return request.redirect(
            number.isEmpty || number == "1" ? path : "\(path)?page=\(Form.encoded(number))",
            notice: PageNotice(.success, request.words["setup.preview.decided"]))
    }
}

/// What would happen to one room.
struct SetupPreviewRoom {
    let page: SetupPage
    let room: Room
    let state: SetupDesk.RoomState
    private static let perPage = 40

    init(_ request: PageRequest) async throws {
        page = try await SetupPage(request)
        let id = RoomID(try request.parameter("room"))
        let states = try await request.setupDesk().rooms(of: page.id)
        guard let state = states.first(where: { $0.room.id == id }) else {
            throw Problem.notFound("The room is not mapped.")
        }
        self.state = state
        room = state.room
    }

    func show() async throws -> Response {
        let words = page.words
        guard
            let (preview, decisions, madeAt) = try await page.request.setupDesk().preview(of: room.id, in: page.id)
        else { return try page.go(.preview) }
        let turner = PageTurner(
            count: preview.items.count, size: Self.perPage, page: Int(page.request.query("page") ?? "") ?? 1)
        let items = preview.items[turner.range]
        let path = try page.path(.preview) + "/" + Form.encoded(room.id.rawValue)
        return try page.show(
            .preview,
            [
                "room": .string(room.name), "resource": .string(state.resource?.resource.name ?? state.address),
                "items": .array(items.map { item($0, decisions[$0.id]) }), "hasItems": .bool(!preview.items.isEmpty),
                "hasChoices": .bool(items.contains { !$0.choices.isEmpty }),
                "failure": preview.failure.map { .diagnosis($0) } ?? .null,
                "further": preview.further == 0
                    ? .null : .string(words.counted("setup.preview.further", preview.further)),
                "madeAt": .optional(madeAt.map { page.writer(room.zone).moment($0) }),
                "action": .string(path), "page": .string(String(turner.page)), "back": .string(try page.path(.preview)),
                "pages": turner.values(path + "?"),
            ], template: "setup-preview-room")
    }

    private func item(_ item: PreviewItem, _ decision: String?) -> JSONValue {
        let words = page.words
        let icons: [PreviewItem.Kind: String] = [
            .same: "link", .writeEvent: "plus", .takeBooking: "plus", .change: "pencil", .clash: "clash",
            .other: "info",
        ]
        let classes: [PreviewItem.Kind: String] = [
            .same: "good", .writeEvent: "create", .takeBooking: "create", .change: "change", .clash: "clash",
            .other: "change",
        ]
        let a = meeting(item.a)
        return [
            "id": .string("item.\(item.id)"), "icon": .string(icons[item.kind] ?? "info"),
            "class": .string(classes[item.kind] ?? "change"),
            "kind": .string(words["setup.kind.\(item.kind.rawValue).one"]),
            "title": .string(
                item.b.map {
                    item.kind == .clash ? words("setup.item.and", ["a": item.a.title, "b": $0.title]) : item.a.title
                }
                    ?? item.a.title),
            "text": .string(text(item)), "a": a, "b": item.b.map(meeting) ?? .null,
            "isClash": .bool(item.kind == .clash && item.b != nil),
            "reason": item.kind == .other || item.kind == .clash ? .string(item.reason) : .null,
            "fields": item.fields.isEmpty
                ? .null
                : .string(
                    words(
                        "setup.item.differs",
                        ["fields": item.fields.map { words["setup.field.\($0.rawValue)"] }.joined(separator: ", ")])),
            "occurrences": item.occurrences == 0
                ? .null : .string(words.counted("setup.item.occurrences", item.occurrences)),
            "hasChoices": .bool(!item.choices.isEmpty),
            // What happens without a decision stands on top of the list already.
            "choices": .array(
                item.choices.filter { text($0, item) != standard(item) }.map { choice in
                    [
                        "value": .string(choice.word), "isChosen": .bool(choice.word == decision),
                        "text": .string(text(choice, item)),
                    ]
                }),
            "standard": .string(standard(item)),
            "isDecided": .bool(decision != nil),
        ]
    }

    private func meeting(_ meeting: PreviewItem.Meeting) -> JSONValue {
        let words = page.words
        let when = page.writer(room.zone).span(meeting.span)
        return [
            "title": .string(meeting.title), "organizer": .optional(meeting.organizer), "when": .string(when),
            "isSeries": .bool(meeting.isSeries), "isLoop": .bool(meeting.side == .loopBooking),
            "side": .string(
                words[meeting.side == .loopBooking ? "setup.side.loopBooking" : "setup.side.calendar"]),
        ]
    }

    private func text(_ item: PreviewItem) -> String {
        page.words(
            "setup.item.\(item.kind.rawValue)",
            ["when": page.writer(room.zone).span(item.a.span), "action": page.words["setup.action.\(item.action)"]])
    }

    private func standard(_ item: PreviewItem) -> String {
        switch item.kind {
        case .clash: page.words["setup.choice.policy"]
        case .writeEvent: page.words["setup.choice.write"]
        case .change: page.words["setup.choice.loopBooking"]
        case .takeBooking: page.words["setup.choice.take"]
        case .same, .other: ""
        }
    }

    private func text(_ choice: PreviewItem.Choice, _ item: PreviewItem) -> String {
        let words = page.words
        switch choice {
        case .keepA: return words("setup.choice.keep", ["title": item.a.title, "side": side(item.a)])
        case .keepB: return words("setup.choice.keep", ["title": item.b?.title ?? "", "side": item.b.map(side) ?? ""])
        case .move(let id):
            let name = item.freeRooms.first { $0.id == id }?.name ?? ""
            return words("setup.choice.move", ["title": item.booking?.title ?? "", "room": name])
        case .write: return words["setup.choice.write"]
        case .cancelBooking: return words["setup.choice.cancel"]
        case .take: return words["setup.choice.take"]
        case .decline: return words["setup.choice.decline"]
        case .value(let side):
            return words[side == .loopBooking ? "setup.choice.loopBooking" : "setup.choice.calendar"]
        }
    }

    private func side(_ meeting: PreviewItem.Meeting) -> String {
        page.words[meeting.side == .loopBooking ? "setup.side.loopBooking" : "setup.side.calendar"]
    }
}
