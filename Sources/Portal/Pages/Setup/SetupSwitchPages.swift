import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore
import SyncEngine
import SyncService

/// The last step: rooms are switched on, and their first sync is watched.
enum SetupSwitchPages {
    static let all: [PageRoute] = [
        PageRoute.of(.get, "setup/{setup}/switch-on", .administer) { request in
            try await show(try await SetupPage(request))
        },
        PageRoute.of(.post, "setup/{setup}/switch-on", .administer, handler: switchOn),
    ]

    private static let perPage = 25

    private static func show(
        _ page: SetupPage, failures: [SetupDesk.Switched] = []
    ) async throws -> Response {
        let request = page.request
        let words = request.words
        let desk = try request.setupDesk()
        let states = try await desk.rooms(of: page.id)
        let number = request.query("page").flatMap { Int($0) } ?? 1
        let progress = try await desk.progress(of: page.id) { count in
            PageTurner(count: count, size: perPage, page: number).range
        }
        let turner = PageTurner(count: progress.count, size: perPage, page: number)
        let ready = states.filter { $0.counts != nil && $0.counts?.failure == nil && !$0.isWaiting }
        return try page.show(
            .switchOn, live: true, status: failures.isEmpty ? nil : .conflict,
            [
                "waitingRooms": .array(
                    states.map { state in
                        let isReady = ready.contains { $0.room.id == state.room.id }
                        let undecided = (state.counts?.count(.clash) ?? 0)
                        return [
                            "id": .string(state.room.id.rawValue), "room": .string(state.room.name),
                            "resource": .string(state.resource?.resource.name ?? state.address),
                            "isReady": .bool(isReady),
                            "note": .string(
                                isReady
                                    ? words.counted("setup.switchOn.meetings", state.counts?.meetings ?? 0)
                                        + (undecided > 0
                                            ? " " + words.counted("setup.switchOn.clashes", undecided) : "")
                                    : words["setup.switchOn.notReady"]),
                        ]
                    }),
                "hasWaiting": .bool(!states.isEmpty), "hasReady": .bool(!ready.isEmpty),
                "links": .array(progress.links.map { link($0, words) }), "hasLinks": .bool(progress.count > 0),
                "pages": turner.values(try page.path(.switchOn) + "?"),
                "allDone": .bool(progress.count > 0 && progress.inSync == progress.count && states.isEmpty),
                "summary": .string(
                    words("setup.switchOn.summary", ["done": String(progress.inSync), "of": String(progress.count)])),
                "failures": .array(
                    failures.map { outcome in
                        ["room": .string(outcome.name), "problem": outcome.failure.map { .diagnosis($0) } ?? .null]
                    }), "hasFailures": .bool(!failures.isEmpty),
                "action": .string(try page.path(.switchOn)), "preview": .string(try page.path(.preview)),
                "desk": .string(try request.path()), "doctor": .string(try request.path("doctor")),
                "clashes": .string(try request.path("clashes")),
            ])
    }

    private static func link(_ progress: SetupDesk.Progress, _ words: Words) -> JSONValue {
        let expected = max(progress.expected ?? progress.done, progress.done, 1)
        let shown = progress.isDone ? expected : min(progress.done, expected)
        let link = progress.link
        var condition = link.condition
        // It is being read for the first time.
        if condition == .notCertain, !progress.isDone, link.problem == nil { condition = .catchingUp }
        return [
            "id": .string("progress-\(link.id)"), "room": .string(progress.room),
            "condition": .string(condition.name), "icon": .string(condition.icon),
            "conditionName": .string(words["condition.\(condition.name)"]), "value": .string(String(shown)),
            "max": .string(String(expected)),
            "text": .string(
                progress.isInSync
                    ? words.counted("setup.switchOn.agrees", progress.done)
                    : words(
                        "setup.switchOn.progress",
                        ["done": String(progress.done), "of": String(progress.expected ?? expected)])),
            "problem": link.problem.map { .diagnosis($0) } ?? .null,
        ]
    }

    @Sendable private static func switchOn(_ request: PageRequest) async throws -> Response {
        let page = try await SetupPage(request)
        let chosen = Set(request.form.all("room").map { RoomID($0) })
        guard !chosen.isEmpty else {
            return try page.go(.switchOn, PageNotice(.warning, request.words["setup.switchOn.chooseRooms"]))
        }
        let outcomes: [SetupDesk.Switched]
        do {
            outcomes = try await request.setupDesk().switchOn(page.id, rooms: chosen, by: request.author())
        } catch SetupError.stepMissing(let step) {
            return try page.go(step, PageNotice(.warning, request.words["setup.missing.\(step.rawValue)"]))
        }
        for outcome in outcomes {
            try await request.audit(
                outcome.failure == nil ? "link.switchOn" : "link.switchOn.failed", outcome.name,
                detail: outcome.failure?.code ?? "")
        }
        request.services.bell.ring()
        let failures = outcomes.filter { $0.failure != nil }
        if !failures.isEmpty { return try await show(try await SetupPage(request), failures: failures) }
        return try page.go(
            .switchOn, PageNotice(.success, request.words.counted("setup.switchOn.started", outcomes.count)))
    }
}
