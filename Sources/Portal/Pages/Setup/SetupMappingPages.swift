import CalendarModel
import HTTPTypes
import Hummingbird
import LoopBooking
import SQLStore
import SyncEngine
import SyncService

/// The step in which each LoopBooking room gets its mirror: suggestions, many at once, a table in and out.
enum SetupMappingPages {
    static let all: [PageRoute] = [
        PageRoute.of(.get, "setup/{setup}/mapping", .administer) { request in
            let page = try await SetupPage(request)
            return try await SetupMappingView(page).show()
        },
        PageRoute.of(.post, "setup/{setup}/mapping", .administer, handler: save),
        PageRoute.of(.get, "setup/{setup}/mapping/csv", .administer, handler: export),
        PageRoute.of(.post, "setup/{setup}/mapping/csv", .administer, handler: take),
        PageRoute.of(.post, "setup/{setup}/mapping/all", .administer, handler: all),
    ]

    // MARK: Saving

    @Sendable private static func save(_ request: PageRequest) async throws -> Response {
        let page = try await SetupPage(request)
        let desk = try request.setupDesk()
        let mapping = try await desk.mapping(of: page.id)
        let form = SetupMappingForm(request.form, mapping: mapping)
        guard form.revision == mapping.revision else {
            // Somebody else saved meanwhile: what they changed is shown, what was typed here stays.
            return try await SetupMappingView(page).show(form, changedBy: mapping.by ?? "")
        }
        do {
            try await desk.save(form.rows(mapping), of: page.id, ifRevision: form.revision, by: request.setupAuthor())
        } catch let faults as SetupDesk.MappingFaults {
            return try await SetupMappingView(page).show(form, faults: faults.byRoom)
        } catch SetupError.changed(let other) {
            return try await SetupMappingView(page).show(form, changedBy: other)
        }
        try await request.audit("setup.mapping", page.draft.name, detail: "\(form.rows(mapping).count)")
        return try request.form.has("next")
            ? page.go(.preview) : page.go(.mapping, PageNotice(.success, request.words["setup.mapping.saved"]))
    }

    /// What is done to all rows at once.
    @Sendable private static func all(_ request: PageRequest) async throws -> Response {
        let page = try await SetupPage(request)
        let desk = try request.setupDesk()
        let author = try request.setupAuthor()
        let revision = Int64(request.form["revision"])
        let words = request.words
        let text: String
        do {
            switch request.form["act"] {
            case "accept":
                let count = try await desk.acceptSuggestions(page.id, ifRevision: revision, by: author)
                text = words.counted("setup.mapping.accepted", count)
            case "clear":
                try await desk.save([], of: page.id, ifRevision: revision, by: author)
                text = words["setup.mapping.cleared"]
            case "rooms":
                let made = try await desk.makeRooms(
                    page.id, zone: request.form.line("zone"), ifRevision: revision, by: author)
                for name in made { try await request.audit("room.add", name) }
                text = words.counted("setup.mapping.roomsMade", made.count)
            case "policy":
                let policy = SetupMappingForm.policy(request.form, suffix: "all", base: LinkPolicy())
                let rows = try await desk.mapping(of: page.id).rows.values.map { row in
                    SetupMapping(room: row.room, resource: row.resource, policy: policy)
                }
                try await desk.save(rows, of: page.id, ifRevision: revision, by: author)
                text = words["setup.mapping.policySet"]
            default: throw Problem.notFound("")
            }
        } catch SetupError.changed(let other) {
            return try page.go(.mapping, PageNotice(.warning, words("setup.mapping.otherWasFaster", ["name": other])))
        } catch DeskError.rulesBroken(let violations) {
            return try page.go(.mapping, PageNotice(.error, violations.map(\.message).joined(separator: " ")))
        } catch DeskError.roomNameTaken(let name) {
            return try page.go(.mapping, PageNotice(.error, words("setup.mapping.roomNameTaken", ["name": name])))
        } catch is SetupDesk.MappingFaults {
            return try page.go(.mapping, PageNotice(.error, words["setup.mapping.faults"]))
        }
        try await request.audit("setup.mapping", page.draft.name, detail: request.form["act"])
        return try page.go(.mapping, PageNotice(.success, text))
    }

    // MARK: As a table

    @Sendable private static func export(_ request: PageRequest) async throws -> Response {
        let page = try await SetupPage(request)
        let text = try await request.setupDesk().csv(of: page.id)
        // Spreadsheets take a file without the mark for one of their own old code page.
        return request.download("\u{FEFF}" + text, name: "mapping.csv", type: "text/csv; charset=utf-8")
    }

    @Sendable private static func take(_ request: PageRequest) async throws -> Response {
        let page = try await SetupPage(request)
        let text = request.form["csv"]
        do {
            let count = try await request.setupDesk().take(
                csv: text, into: page.id, ifRevision: Int64(request.form["revision"]), by: request.setupAuthor())
            try await request.audit("setup.mapping.import", page.draft.name, detail: "\(count)")
            return try page.go(.mapping, PageNotice(.success, request.words.counted("setup.csv.taken", count)))
        } catch let faults as MappingCSV.Faults {
            let lines = faults.faults.sorted { $0.line < $1.line }.prefix(200)
                .map { request.words.text(of: $0) }
            return try await SetupMappingView(page).show(csv: text, csvFaults: Array(lines))
        } catch let faults as SetupDesk.MappingFaults {
            let lines = faults.byRoom.values.map { request.words.text(of: $0) }.sorted()
            return try await SetupMappingView(page).show(csv: text, csvFaults: lines)
        } catch SetupError.changed(let other) {
            return try await SetupMappingView(page).show(
                csv: text, csvFaults: [request.words("setup.mapping.otherWasFaster", ["name": other])])
        }
    }
}

extension Words {
    /// What is wrong with a line of a table.
    func text(of fault: MappingCSV.Fault) -> String {
        let (key, values): (String, [String: String]) =
            switch fault.kind {
            case .unclosedQuote: ("unclosedQuote", [:])
            case .textAfterQuote: ("textAfterQuote", [:])
            case .headerMissing(let name): ("headerMissing", ["name": name])
            case .unknownColumn(let name): ("unknownColumn", ["name": name])
            case .columnTwice(let name): ("columnTwice", ["name": name])
            case .tooManyCells(let count): ("tooManyCells", ["count": String(count)])
            case .roomMissing: ("roomMissing", [:])
            case .resourceMissing: ("resourceMissing", [:])
            case .unknownWord(let column, let word, let known):
                ("unknownWord", ["name": column, "word": word, "known": known.joined(separator: ", ")])
            case .unknownRoom(let name): ("unknownRoom", ["name": name])
            case .unknownResource(let name): ("unknownResource", ["name": name])
            case .ambiguousResource(let name): ("ambiguousResource", ["name": name])
            case .roomTwice(let name, let line): ("roomTwice", ["name": name, "other": String(line)])
            case .resourceTwice(let name, let line): ("resourceTwice", ["name": name, "other": String(line)])
            case .tooManyRows(let most): ("tooManyRows", ["count": String(most)])
            }
        return self("setup.csv.line", ["line": String(fault.line)]) + " " + self("setup.csv.\(key)", values)
    }

    /// What is wrong with a row of the mapping.
    func text(of fault: SetupDesk.MappingFault) -> String {
        switch fault {
        case .unknownRoom: self["setup.mapping.unknownRoom"]
        case .roomLinked(let room, let other): self("setup.mapping.roomLinked", ["room": room, "other": other])
        case .unknownResource(let name): self("setup.mapping.unknownResource", ["name": name])
        case .ambiguousResource(let name): self("setup.csv.ambiguousResource", ["name": name])
        case .resourceLinked(let name, let other):
            self("setup.mapping.resourceLinked", ["name": name, "other": other])
        case .resourceTwice(let name, let rooms):
            self("setup.mapping.resourceTwice", ["name": name, "rooms": rooms.joined(separator: ", ")])
        case .resourceGone(let name): self("setup.mapping.resourceGone", ["name": name])
        case .notExpressible(let room): self("setup.mapping.unknownResource", ["name": room])
        }
    }
}

/// What somebody typed into the mapping's table: one page of rooms; rooms that are not on it stay as they are.
struct SetupMappingForm {
    var revision: Int64
    var base: LinkPolicy
    /// What was typed, and what stood there when the page was made.
    var entries: [RoomID: (typed: String, before: String)] = [:]
    var policies: [RoomID: LinkPolicy] = [:]

    init(_ form: Form, mapping: SetupDesk.Mapping) {
        revision = Int64(form["revision"]) ?? -1
        base = mapping.commonPolicy
        for (name, value) in form.fields where name.hasPrefix("resource.") {
            let room = RoomID(String(name.dropFirst("resource.".count)))
            entries[room] = (canonicalLine(value), form.line("before.\(room)"))
            policies[room] = Self.policy(form, suffix: room.rawValue, base: mapping.rows[room]?.policy ?? base)
        }
    }

    static func policy(_ form: Form, suffix: String, base: LinkPolicy) -> LinkPolicy {
        var policy = base
        policy.writing = WritingMode(rawValue: form["writing.\(suffix)"]) ?? base.writing
        policy.clash = LinkPolicy.Clash(rawValue: form["clash.\(suffix)"]) ?? base.clash
        policy.divergence = LinkPolicy.Divergence(rawValue: form["divergence.\(suffix)"]) ?? base.divergence
        policy.content = LinkPolicy.Content(rawValue: form["content.\(suffix)"]) ?? base.content
        return policy
    }

    /// The whole mapping as it would be saved.
    func rows(_ mapping: SetupDesk.Mapping) -> [SetupMapping] {
        var rows = mapping.rows
        for (room, entry) in entries {
            rows[room] =
                entry.typed.isEmpty
                ? nil
                : SetupMapping(
                    room: room, resource: Self.address(entry.typed, mapping), policy: policies[room] ?? base)
        }
        return rows.values.sorted { $0.room < $1.room }
    }

    /// People may type a resource's name, too.
    private static func address(_ typed: String, _ mapping: SetupDesk.Mapping) -> String {
        if mapping.resource(at: typed) != nil { return typed }
        let named = mapping.resources.filter { $0.resource.name.lowercased() == typed.lowercased() }
        return named.count == 1 ? named[0].resource.address : typed
    }
}

/// The mapping's page.
struct SetupMappingView {
    let page: SetupPage
    private static let perPage = 30

    init(_ page: SetupPage) { self.page = page }

    func show(
        _ form: SetupMappingForm? = nil, faults: [RoomID: SetupDesk.MappingFault] = [:], changedBy: String? = nil,
        csv: String = "", csvFaults: [String] = []
    ) async throws -> Response {
        let words = page.words
        let mapping = try await page.request.setupDesk().mapping(of: page.id)
        let turner = PageTurner(
            count: mapping.rooms.count, size: Self.perPage,
            page: Int(page.request.query("page") ?? page.request.form.line("page")) ?? 1)
        let shown = mapping.rooms[turner.range]
        let vanished = mapping.rows.values.filter { mapping.resource(at: $0.resource)?.isGone ?? true }
        let used = Set(mapping.rows.values.map { $0.resource.lowercased() }).union(mapping.linkedResources.keys)
        let free = mapping.resources.filter { !$0.isGone && !used.contains($0.resource.address.lowercased()) }
        var complaints = Dictionary(
            faults.map { ("resource.\($0.key)", words.text(of: $0.value)) }, uniquingKeysWith: { $1 })
        if !csvFaults.isEmpty { complaints["csv"] = words["setup.csv.nothing"] }
        let theirs = changedBy == nil ? [] : changes(of: mapping, against: form)
        return try page.show(
            .mapping, status: changedBy == nil ? nil : .conflict,
            [
                "rows": .array(shown.map { row($0, mapping, form, faults[$0.id]) }),
                "hasRooms": .bool(!mapping.rooms.isEmpty), "hasResources": .bool(!mapping.resources.isEmpty),
                "resources": .array(
                    free.map { ["address": .string($0.resource.address), "name": .string($0.resource.name)] }
                        + mapping.rows.values.compactMap { row in mapping.resource(at: row.resource) }.map {
                            ["address": .string($0.resource.address), "name": .string($0.resource.name)]
                        }),
                "mappingRevision": .string(String(mapping.revision)), "page": .string(String(turner.page)),
                "summary": .string(
                    words(
                        "setup.mapping.summary",
                        [
                            "mapped": String(mapping.rows.count), "linked": String(mapping.linkedRooms.count),
                            "rooms": String(mapping.rooms.count), "free": String(free.count),
                        ])),
                "suggestions": mapping.suggestions.isEmpty
                    ? .null : .string(words.counted("setup.mapping.suggestions", mapping.suggestions.count)),
                "unmatched": .string(
                    words.counted("setup.mapping.unmatched", max(0, free.count - mapping.suggestions.count))),
                "hasUnmatched": .bool(free.count > mapping.suggestions.count),
                "hasRows": .bool(!mapping.rows.isEmpty),
                "vanished": .array(
                    vanished.map { row in
                        .string(
                            words(
                                "setup.mapping.vanished",
                                [
                                    "name": mapping.resource(at: row.resource)?.resource.name ?? row.resource,
                                    "room": mapping.rooms.first { $0.id == row.room }?.name ?? "",
                                ]))
                    }),
                "hasVanished": .bool(!vanished.isEmpty),
                "policy": policy(mapping.commonPolicy, suffix: "all"),
                "changedBy": changedBy.map { .string($0) } ?? .null, "theirs": .array(theirs.map { .string($0) }),
                "csv": .string(csv), "csvFaults": .array(csvFaults.map { .string($0) }),
                "hasCSVFaults": .bool(!csvFaults.isEmpty),
                "action": .string(try page.path(.mapping)), "allAction": .string(try page.path(.mapping) + "/all"),
                "csvAction": .string(try page.path(.mapping) + "/csv"), "zone": .string(zone(mapping)),
                "roomsPath": .string(try page.path(.rooms)), "next": .string(try page.path(.preview)),
                "pages": turner.values(try page.path(.mapping) + "?"),
            ], complaints: complaints)
    }

    private func zone(_ mapping: SetupDesk.Mapping) -> String {
        let counted = Dictionary(mapping.rooms.map { ($0.zone.name, 1) }, uniquingKeysWith: +)
        return counted.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? "Europe/Oslo"
    }

    /// What the other administrator changed, in words.
    private func changes(of mapping: SetupDesk.Mapping, against form: SetupMappingForm?) -> [String] {
        guard let form else { return [] }
        return mapping.rooms.compactMap { room in
            guard let entry = form.entries[room.id] else { return nil }
            let present = mapping.rows[room.id]?.resource ?? ""
            guard present.lowercased() != entry.before.lowercased() else { return nil }
            return present.isEmpty
                ? page.words("setup.mapping.theyCleared", ["room": room.name])
                : page.words("setup.mapping.theySet", ["room": room.name, "resource": present])
        }
    }

    /// What stands in a row's field: what was typed here, else what is kept, else nothing; a suggestion stands beside it.
    private func row(
        _ room: Room, _ mapping: SetupDesk.Mapping, _ form: SetupMappingForm?, _ fault: SetupDesk.MappingFault?
    ) -> JSONValue {
        let words = page.words
        let kept = mapping.rows[room.id]?.resource ?? ""
        var value = kept
        if let entry = form?.entries[room.id], entry.typed.lowercased() != entry.before.lowercased() {
            value = entry.typed
        }
        let suggestion = mapping.suggestions[room.id]
        let resource = mapping.resource(at: value)
        let policy = form?.policies[room.id] ?? mapping.rows[room.id]?.policy ?? mapping.commonPolicy
        let details = [
            room.capacity.map { words.counted("setup.seats", $0) }, room.location.isEmpty ? nil : room.location,
        ].compactMap { $0 }.joined(separator: ", ")
        return [
            "room": .string(room.name), "id": .string(room.id.rawValue), "field": .string("resource.\(room.id)"),
            "details": details.isEmpty ? .null : .string(details), "value": .string(value), "before": .string(kept),
            "linked": .optional(mapping.linkedRooms[room.id]?.resourceName),
            "isOpen": .bool(mapping.linkedRooms[room.id] == nil),
            "resourceName": .optional(resource?.resource.name),
            "isGone": .bool(!value.isEmpty && (resource?.isGone ?? true) && mapping.linkedRooms[room.id] == nil),
            "suggestion": suggestion.map { suggestion in
                [
                    "address": .string(suggestion.resource),
                    "name": .string(mapping.resource(at: suggestion.resource)?.resource.name ?? suggestion.resource),
                    "confidence": .string(words["setup.confidence.\(suggestion.confidence.rawValue)"]),
                    "reason": .string(words["setup.reason.\(suggestion.reason.rawValue)"]),
                ]
            } ?? .null,
            "error": fault.map { .string(words.text(of: $0)) } ?? .null,
            "policy": self.policy(policy, suffix: room.id.rawValue),
        ]
    }

    private func policy(_ policy: LinkPolicy, suffix: String) -> JSONValue {
        func choice<Word: RawRepresentable & CaseIterable>(_ name: String, _ value: Word) -> JSONValue
        where Word.RawValue == String {
            [
                "name": .string("\(name).\(suffix)"), "label": .string(page.words["setup.policy.\(name)"]),
                "options": .array(
                    Word.allCases.map { word in
                        [
                            "value": .string(word.rawValue), "isChosen": .bool(word.rawValue == value.rawValue),
                            "text": .string(page.words["setup.policy.\(name).\(word.rawValue)"]),
                        ]
                    }),
            ]
        }
        return .array([
            choice("writing", policy.writing), choice("clash", policy.clash),
            choice("divergence", policy.divergence), choice("content", policy.content),
        ])
    }
}
