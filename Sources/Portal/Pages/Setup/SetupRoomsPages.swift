import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore
import SyncEngine
import SyncService

/// The step in which the calendar system's rooms are found and their rights looked at.
enum SetupRoomsPages {
    static let all: [PageRoute] = [
        PageRoute.of(.get, "setup/{setup}/rooms", .administer) { request in
            try await show(try await SetupPage(request))
        },
        PageRoute.of(.post, "setup/{setup}/rooms", .administer, handler: look),
        PageRoute.of(.post, "setup/{setup}/rooms/add", .administer, handler: add),
    ]

    private static let perPage = 50

    private static func show(
        _ page: SetupPage, address: String = "", complaints: [String: String] = [:], problem: Diagnosis? = nil
    ) async throws -> Response {
        let request = page.request
        let counts = try await request.store.setupResourceCounts(of: page.id)
        let turner = PageTurner(count: counts.all, size: perPage, page: Int(request.query("page") ?? "") ?? 1)
        let shown = try await request.store.setupResources(
            of: page.id, offset: turner.range.lowerBound, limit: turner.range.count)
        let bad =
            counts.count(.bad) == 0
            ? [] : try await request.store.setupResources(of: page.id, state: .bad, limit: counts.all)
        return try page.show(
            .rooms, live: true,
            [
                "resources": .array(shown.map { resource($0, request.words) }),
                "hasResources": .bool(counts.all > 0), "wasListed": .bool(page.draft.listedAt != nil),
                "summary": .string(
                    request.words.counted(
                        "setup.rooms.found", counts.all - counts.count(.gone),
                        ["good": String(counts.count(.good))])),
                "waiting": counts.waiting == 0
                    ? .null : .string(request.words.counted("setup.rooms.waiting", counts.waiting)),
                "isReady": .bool(page.setup.hasConnection), "address": .string(address),
                "account": .string(try page.path(.account)), "next": .string(try page.path(.mapping)),
                "canGoOn": .bool(counts.all > 0),
                "lookAction": .string(try page.path(.rooms)), "addAction": .string(try page.path(.rooms) + "/add"),
                "roomsProblem": problem.map { .diagnosis($0) } ?? .null,
                "scripts": page.scripts(
                    [.fullAccess],
                    rooms: bad.map { SetupScriptRoom(name: $0.resource.name, address: $0.resource.address) }
                ).nonEmpty(when: !bad.isEmpty),
                "pages": turner.values(try page.path(.rooms) + "?"),
            ], complaints: complaints)
    }

    private static func resource(_ entry: SetupResource, _ words: Words) -> JSONValue {
        let resource = entry.resource
        func right(_ check: String) -> JSONValue {
            let finding = entry.findings.first { $0.check == check }
            let verdict = finding?.verdict ?? .notChecked
            return [
                "verdict": .string(verdict.rawValue),
                "icon": .string(
                    verdict == .good
                        ? "in-sync" : verdict == .bad ? "cross-circle" : verdict == .warning ? "warning" : "not-checked"
                ),
                "text": .string(words["setup.right.\(check).\(verdict.rawValue)"]),
            ]
        }
        let bad = entry.findings.compactMap { $0.verdict == .good ? nil : $0.diagnosis }
        let place = [resource.building, resource.floor].compactMap { $0 }.joined(separator: ", ")
        return [
            "name": .string(resource.name), "address": .string(resource.address),
            "capacity": .optional(resource.capacity), "place": place.isEmpty ? .null : .string(place),
            "isGone": .bool(entry.isGone), "isUnlisted": .bool(!entry.isListed),
            "isWaiting": .bool(entry.wantedAt != nil && entry.probedAt == nil),
            "rights": .array(["room.readable", "room.writable", "room.privateVisible"].map(right)),
            "faults": .array(
                bad.map {
                    ["summary": .string($0.summary), "remedy": .string($0.remedy), "code": .optional($0.vendorCode)]
                }),
            "hasFaults": .bool(!bad.isEmpty),
        ]
    }

    @Sendable private static func look(_ request: PageRequest) async throws -> Response {
        let page = try await SetupPage(request)
        do {
            let count = try await request.setupDesk().list(page.id, by: request.setupAuthor())
            try await request.audit("setup.rooms.list", page.draft.name, detail: String(count))
            return try page.go(.rooms, PageNotice(.success, request.words.counted("setup.rooms.listed", count)))
        } catch SetupError.refused(let diagnosis) {
            return try await show(page, complaints: ["look": diagnosis.summary], problem: diagnosis)
        } catch SetupError.stepMissing(let step) {
            return try page.go(step, PageNotice(.warning, request.words["setup.missing.\(step.rawValue)"]))
        }
    }

    @Sendable private static func add(_ request: PageRequest) async throws -> Response {
        let page = try await SetupPage(request)
        let address = request.form.line("address")
        do {
            let entry = try await request.setupDesk().add(address, to: page.id, by: request.setupAuthor())
            try await request.audit("setup.rooms.add", page.draft.name, detail: entry.resource.address)
            return try page.go(
                .rooms, PageNotice(.success, request.words("setup.rooms.added", ["name": entry.resource.name])))
        } catch SetupError.fields(let complaints) {
            return try await show(page, address: address, complaints: page.texts(complaints))
        } catch SetupError.refused(let diagnosis) {
            return try await show(
                page, address: address, complaints: ["address": diagnosis.summary], problem: diagnosis)
        } catch SetupError.stepMissing(let step) {
            return try page.go(step, PageNotice(.warning, request.words["setup.missing.\(step.rawValue)"]))
        }
    }
}

extension JSONValue {
    /// The list, or an empty one.
    fileprivate func nonEmpty(when condition: Bool) -> JSONValue { condition ? self : [] }
}
