import CalendarModel
import CalendarTime
import SQLStore
import SyncService

/// A clash as its templates want it.
struct ClashValues {
    private let clash: ClashView
    private let request: PageRequest
    private let times: TimeWriter

    init(_ clash: ClashView, zone: ZoneID, request: PageRequest) {
        self.clash = clash
        self.request = request
        times = request.times(in: zone)
    }

    private var words: Words { request.words }

    var row: JSONValue {
        get throws {
            [
                "path": .string(try request.path("clashes/\(Form.encoded(clash.id))")), "room": .string(clash.room),
                "when": .string(when(clash.a)), "a": .string(title(clash.a)), "b": .string(title(clash.b)),
                "since": .string(moment(clash.firstAt)), "status": state,
            ]
        }
    }

    var values: [String: JSONValue] {
        get throws {
            let base = try request.path()
            let path = "\(base)/clashes/\(Form.encoded(clash.id))"
            let isOpen = clash.state != Clash.State.decided.rawValue && !isOver
            let until = clash.decision.flatMap { try? Timestamps.parseRFC3339($0.undoUntil) }
            let mayUndo =
                clash.state == Clash.State.decided.rawValue && !isOver
                && (until.map { $0 >= request.services.now() } ?? false)
            return [
                "path": .string(path), "room": .string(clash.room), "status": state, "reason": .string(clash.reason),
                "closing": .optional(clash.closing), "isOpen": .bool(isOpen), "mayUndo": .bool(mayUndo),
                "sides": [try side("a", clash.a, other: clash.b, base), try side("b", clash.b, other: clash.a, base)],
                "decision": decision, "since": .string(moment(clash.firstAt)), "isOver": .bool(isOver),
                "undo": .string("\(path)/undo"), "action": .string("\(path)/decision"),
            ]
        }
    }

    private var isOver: Bool {
        let now = request.services.now()
        let ends = [clash.a.end, clash.b.end].compactMap { try? Timestamps.parseRFC3339($0) }
        return !ends.isEmpty && ends.allSatisfy { $0 <= now }
    }

    private var state: JSONValue {
        let (kind, icon) =
            switch Clash.State(rawValue: clash.state) {
            case .open: ("bad", "clash")
            case .decided: ("good", "check")
            case .undone: ("warning", "undo")
            case .closed, nil: ("neutral", "minus")
            }
        return request.mark(kind, icon: icon, words["clashes.state.\(clash.state)"])
    }

    private func side(_ party: String, _ side: ClashView.Side, other: ClashView.Side, _ base: String) throws
        -> JSONValue
    {
        let isCalendar = side.origin == Side.calendar.rawValue
        // Whoever has the room now: by the policy A, or as somebody decided.
        let kept = clash.state == Clash.State.decided.rawValue ? clash.decision?.kept ?? "a" : "a"
        let has = kept == party
        func fact(_ key: String, _ value: String, differs: Bool = false) -> JSONValue {
            ["name": .string(words["clash.\(key)"]), "value": .string(value), "differs": .bool(differs)]
        }
        var facts = [
            fact("when", when(side), differs: side.start != other.start || side.end != other.end),
            fact("organizer", side.organizer ?? "–", differs: side.organizer != other.organizer),
        ]
        if side.occurrence != nil { facts.append(fact("part", words["clash.occurrence"])) }
        return [
            "party": .string(party), "letter": .string(party.uppercased()), "title": .string(title(side)),
            "kind": isCalendar ? "side-calendar" : "side-loop", "origin": .string(words["side.\(side.origin)"]),
            "status": request.mark(
                has ? "good" : "notCertain", icon: has ? "in-sync" : "not-certain",
                words[has ? "clash.has" : "clash.lost"]),
            "facts": .array(facts),
            "booking": side.booking.map { .string("\(base)/bookings/\(Form.encoded($0))") } ?? .null,
            "reason": .optional(side.reason), "keep": .string(words("clash.keep", ["letter": party.uppercased()])),
            "move": .string(words("clash.move", ["letter": party.uppercased()])),
            "isPrimary": .bool(party == "a"), "hasRooms": .bool(!(clash.freeRooms[party] ?? []).isEmpty),
            "freeRooms": .array(
                (clash.freeRooms[party] ?? []).map { room in
                    let details = [room.capacity.map { words("clash.places", ["count": String($0)]) }, room.location]
                        .compactMap(\.self).filter { !$0.isEmpty }
                    return [
                        "id": .string(room.id),
                        "name": .string(([room.name] + details).joined(separator: ", ")),
                    ]
                }),
        ]
    }

    private var decision: JSONValue {
        guard let decision = clash.decision else { return .null }
        let kept = decision.kept.uppercased()
        let moved = decision.kept == "a" ? "B" : "A"
        var text = words("clash.decision", ["who": decision.by, "when": moment(decision.at), "letter": kept])
        if let room = decision.movedTo {
            text += " " + words("clash.decision.moved", ["letter": moved, "room": room])
        }
        let undone = decision.undoneBy.map { who in
            words("clash.decision.undone", ["who": who, "when": decision.undoneAt.map(moment) ?? ""])
        }
        return [
            "text": .string(text), "remark": .optional(decision.remark), "undone": .optional(undone),
            "until": .string(words("clash.decision.until", ["when": moment(decision.undoUntil)])),
        ]
    }

    private func title(_ side: ClashView.Side) -> String {
        side.title == "Private" ? words["desk.private"] : side.title.isEmpty ? words["clash.unknown"] : side.title
    }

    private func when(_ side: ClashView.Side) -> String {
        guard let start = try? Timestamps.parseRFC3339(side.start), let end = try? Timestamps.parseRFC3339(side.end)
        else { return side.when }
        return times.span(TimeSpan(start: start, end: end))
    }

    private func moment(_ text: String) -> String { (try? Timestamps.parseRFC3339(text)).map(times.moment) ?? text }
}
