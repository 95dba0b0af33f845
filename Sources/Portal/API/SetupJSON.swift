import CalendarModel
import CalendarTime
import LoopBooking
import SQLStore
import SyncEngine
import SyncService

/// Set-ups in the REST API.
enum SetupJSON {
    private static let text = SetupRoutes.text
    private static let optional: JSONValue = ["type": ["string", "null"]]
    private static let flag: JSONValue = ["type": "boolean"]
    private static func array(_ items: JSONValue) -> JSONValue { ["type": "array", "items": items] }

    // MARK: The set-up

    static let schema = SetupRoutes.object([
        "id": text, "kind": text, "name": text, "tenant": text, "account": text, "signIn": text,
        "usesOwnApplication": flag, "clientID": text, "connected": flag, "done": array(text), "next": text,
        "missingPermissions": ["type": ["array", "null"], "items": text], "problems": ["type": "object"],
        "revision": SetupRoutes.number,
    ])

    static func json(_ setup: Setup, _ desk: SetupDesk) -> JSONValue {
        let draft = setup.draft
        let missing = desk.missingPermissions(draft, kind: setup.record.kind)
        return [
            "id": .string(setup.record.id.rawValue), "kind": .string(setup.record.kind), "name": .string(draft.name),
            "tenant": .string(draft.tenant), "account": .string(draft.account),
            "signIn": .string(draft.signIn.rawValue), "usesOwnApplication": .bool(draft.usesOwnApplication),
            "clientID": .string(draft.clientID), "connected": .bool(setup.hasConnection),
            "done": .array(SetupStep.allCases.filter(setup.done.contains).map { .string($0.rawValue) }),
            "next": .string(setup.next.rawValue),
            "missingPermissions": missing.map { .array($0.map { .string($0) }) } ?? .null,
            "problems": .object(
                draft.problems.mapValues { diagnosis in
                    [
                        "code": .string(diagnosis.code), "summary": .string(diagnosis.summary),
                        "remedy": .string(diagnosis.remedy), "step": .optional(diagnosis.step?.rawValue),
                        "vendorCode": .optional(diagnosis.vendorCode),
                    ]
                }),
            "revision": .integer(setup.record.revision),
        ]
    }

    static let entriesSchema = SetupRoutes.object(
        [
            "name": text, "tenant": text, "account": text,
            "signIn": ["type": "string", "enum": .array(SetupSignIn.allCases.map { .string($0.rawValue) })],
            "usesOwnApplication": flag, "clientID": text, "password": text, "clientSecret": text, "certificate": text,
            "privateKey": text,
        ], required: [])

    static func entries(_ reader: inout FieldReader) -> SetupDesk.Entries? {
        var secrets: [String: String] = [:]
        for name in SetupDesk.secretFields { secrets[name] = reader.string(name) }
        return SetupDesk.Entries(
            name: reader.string("name"), tenant: reader.string("tenant"),
            usesOwnApplication: reader.bool("usesOwnApplication"), clientID: reader.string("clientID"),
            account: reader.string("account"), signIn: reader.word("signIn", SetupSignIn.self), secrets: secrets)
    }

    // MARK: Rooms

    static let resourceSchema = SetupRoutes.object([
        "address": text, "name": text, "capacity": ["type": ["integer", "null"]], "building": optional,
        "listed": flag, "gone": flag, "waiting": flag, "findings": array(["type": "object"]),
    ])

    static func json(_ entry: SetupResource) -> JSONValue {
        [
            "address": .string(entry.resource.address), "name": .string(entry.resource.name),
            "capacity": .optional(entry.resource.capacity), "building": .optional(entry.resource.building),
            "listed": .bool(entry.isListed), "gone": .bool(entry.isGone), "waiting": .bool(entry.wantedAt != nil),
            "findings": .array(
                entry.findings.map { finding in
                    [
                        "check": .string(finding.check), "verdict": .string(finding.verdict.rawValue),
                        "evidence": .string(finding.evidence), "remedy": .optional(finding.diagnosis?.remedy),
                    ]
                }),
        ]
    }

    private static let rowSchema = SetupRoutes.object(
        [
            "room": text, "resource": text, "writing": words(WritingMode.self), "clash": words(LinkPolicy.Clash.self),
            "divergence": words(LinkPolicy.Divergence.self), "content": words(LinkPolicy.Content.self),
        ], required: ["room", "resource"])
    static let rowsSchema = SetupRoutes.object(["rows": array(rowSchema)])
    static let mappingSchema = SetupRoutes.object([
        "revision": SetupRoutes.number, "rows": array(rowSchema), "suggestions": array(["type": "object"]),
        "linked": array(["type": "object"]),
    ])

    private static func words<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) -> JSONValue
    where Word.RawValue == String { ["type": "string", "enum": .array(Word.allCases.map { .string($0.rawValue) })] }

    static func rows(_ reader: inout FieldReader) -> [SetupMapping]? {
        reader.require("rows")
        return reader.objects("rows") { reader in
            reader.require("room")
            reader.require("resource")
            var policy = LinkPolicy()
            policy.writing = reader.word("writing", WritingMode.self) ?? policy.writing
            policy.clash = reader.word("clash", LinkPolicy.Clash.self) ?? policy.clash
            policy.divergence = reader.word("divergence", LinkPolicy.Divergence.self) ?? policy.divergence
            policy.content = reader.word("content", LinkPolicy.Content.self) ?? policy.content
            guard let room = reader.string("room"), let resource = reader.string("resource") else { return nil }
            return SetupMapping(room: RoomID(room), resource: resource, policy: policy)
        }
    }

    static func json(_ mapping: SetupDesk.Mapping) -> JSONValue {
        [
            "revision": .integer(mapping.revision),
            "rows": .array(
                mapping.rows.values.sorted { $0.room < $1.room }.map { row in
                    [
                        "room": .string(row.room.rawValue), "resource": .string(row.resource),
                        "writing": .string(row.policy.writing.rawValue), "clash": .string(row.policy.clash.rawValue),
                        "divergence": .string(row.policy.divergence.rawValue),
                        "content": .string(row.policy.content.rawValue),
                    ]
                }),
            "suggestions": .array(
                mapping.suggestions.values.sorted { $0.room < $1.room }.map { suggestion in
                    [
                        "room": .string(suggestion.room.rawValue), "resource": .string(suggestion.resource),
                        "confidence": .string(suggestion.confidence.rawValue),
                        "reason": .string(suggestion.reason.rawValue),
                    ]
                }),
            "linked": .array(
                mapping.linkedRooms.values.sorted { $0.room < $1.room }.map { link in
                    [
                        "room": .string(link.room.rawValue), "resource": .string(link.resourceAddress),
                        "link": .string(link.id.rawValue),
                    ]
                }),
        ]
    }

    // MARK: Previews

    static let previewsSchema = SetupRoutes.list(
        "rooms",
        SetupRoutes.object([
            "room": text, "name": text, "resource": text, "waiting": flag, "counts": ["type": ["object", "null"]],
            "failure": optional,
        ]))

    static func previews(_ states: [SetupDesk.RoomState]) -> JSONValue {
        [
            "rooms": .array(
                states.map { state in
                    [
                        "room": .string(state.room.id.rawValue), "name": .string(state.room.name),
                        "resource": .string(state.address), "waiting": .bool(state.isWaiting),
                        "counts": state.counts.map { counts in
                            .object(
                                Dictionary(
                                    PreviewItem.Kind.allCases.map {
                                        ($0.rawValue, .integer(Int64(counts.count($0))))
                                    }, uniquingKeysWith: { $1 }))
                        } ?? .null,
                        "failure": .optional(state.counts?.failure),
                    ]
                })
        ]
    }

    private static let meetingSchema = SetupRoutes.object([
        "side": text, "title": text, "organizer": optional, "start": text, "end": text, "series": flag,
    ])
    static let previewSchema = SetupRoutes.object([
        "items": array(
            SetupRoutes.object([
                "id": text, "kind": text, "action": text, "reason": text, "a": meetingSchema,
                "b": ["anyOf": [meetingSchema, ["type": "null"]]], "fields": array(text), "choices": array(text),
                "decision": optional,
            ])), "further": SetupRoutes.number, "failure": optional,
    ])

    static func json(_ preview: RoomPreview, _ decisions: [String: String]) -> JSONValue {
        [
            "items": .array(
                preview.items.map { item in
                    [
                        "id": .string(item.id), "kind": .string(item.kind.rawValue), "action": .string(item.action),
                        "reason": .string(item.reason), "a": json(item.a), "b": item.b.map(json) ?? .null,
                        "fields": .array(item.fields.map { .string($0.rawValue) }),
                        "choices": .array(item.choices.map { .string($0.word) }),
                        "decision": .optional(decisions[item.id]),
                    ]
                }), "further": .integer(Int64(preview.further)), "failure": .optional(preview.failure?.summary),
        ]
    }

    private static func json(_ meeting: PreviewItem.Meeting) -> JSONValue {
        [
            "side": .string(meeting.side == .loopBooking ? "loopBooking" : "calendar"),
            "title": .string(meeting.title), "organizer": .optional(meeting.organizer),
            "start": .string(Timestamps.rfc3339(meeting.span.start)),
            "end": .string(Timestamps.rfc3339(meeting.span.end)), "series": .bool(meeting.isSeries),
        ]
    }

    // MARK: Switching on

    static let switchedSchema = SetupRoutes.object([
        "room": text, "name": text, "link": optional, "failure": optional,
    ])

    static func json(_ outcome: SetupDesk.Switched) -> JSONValue {
        [
            "room": .string(outcome.room.rawValue), "name": .string(outcome.name),
            "link": .optional(outcome.link?.rawValue),
            "failure": .optional(outcome.failure.map { "\($0.summary) \($0.remedy)" }),
        ]
    }

    static let progressSchema = SetupRoutes.object([
        "link": text, "room": text, "condition": text, "done": SetupRoutes.number,
        "expected": ["type": ["integer", "null"]], "settled": flag,
    ])

    static func json(_ progress: SetupDesk.Progress) -> JSONValue {
        [
            "link": .string(progress.link.id.rawValue), "room": .string(progress.room),
            "condition": .string(progress.link.condition.rawValue),
            "done": .integer(Int64(progress.done)), "expected": .optional(progress.expected),
            "settled": .bool(progress.isDone),
        ]
    }
}
