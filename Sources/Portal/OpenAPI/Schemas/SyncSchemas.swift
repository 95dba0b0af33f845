import CalendarModel
import SQLStore
import SyncEngine

/// Links, clashes and drift.
extension OpenAPIDocument {
    static let syncSchemas: [String: JSONValue] = [
        "Link": Schema.object(
            [
                "id": Schema.id, "room": Schema.text("The room's name."),
                "resource": Schema.text("The resource's address."), "connection": Schema.text("The connection's name."),
                "condition": Schema.words(LinkRecord.Condition.self), "writing": Schema.words(WritingMode.self),
                "clash": Schema.words(LinkPolicy.Clash.self, "Who keeps the room when two meetings want it."),
                "content": Schema.words(LinkPolicy.Content.self, "What crosses."),
                "lastReadAt": Schema.described(Schema.instant, "When the calendar was last read."),
                "settledAt": Schema.described(Schema.instant, "When both sides last agreed."),
                "reader": Schema.words(readers), "problem": Schema.ref("Diagnosis"),
                "hold": Schema.object(
                    ["vanished": Schema.whole(0...(.max)), "of": Schema.whole(0...(.max))],
                    "So many meetings vanished at once that the link asks."),
            ], optional: ["lastReadAt", "settledAt", "reader", "problem", "hold"],
            "A room and its resource, kept in sync."),
        "Diagnosis": Schema.object(
            [
                "code": Schema.text("A stable name, such as microsoft.consent.missing."),
                "summary": Schema.text("What happened."), "consequence": Schema.text("What it means."),
                "remedy": Schema.text("What to do next."), "step": Schema.words(ManualStep.self),
                "vendorCode": Schema.text, "reference": Schema.text,
            ], optional: ["step", "vendorCode", "reference"], "What is wrong, and what to do about it."),
        "Status": Schema.object(
            [
                "links": [
                    "type": "object", "additionalProperties": false,
                    "required": .array(LinkRecord.Condition.allCases.map { .string($0.rawValue) }),
                    "properties": .object(
                        Dictionary(
                            uniqueKeysWithValues: LinkRecord.Condition.allCases.map {
                                ($0.rawValue, Schema.whole(0...(.max)))
                            })),
                ],
                "needsPerson": Schema.described(Schema.flag, "Whether a link can only be brought on by a person."),
            ], "How many links there are in each condition."),
        "Clash": Schema.object(
            [
                "id": Schema.id, "link": Schema.id, "room": Schema.text, "resource": Schema.text,
                "state": Schema.words(Clash.State.self), "reason": Schema.text,
                "closing": Schema.text("How it solved itself."), "firstAt": Schema.instant, "lastAt": Schema.instant,
                "a": Schema.ref("ClashSide", "Has the room by the link's policy."),
                "b": Schema.ref("ClashSide", "Lost it."), "decision": Schema.ref("Decision"),
                "freeRooms": Schema.object(
                    ["a": Schema.list(Schema.ref("FreeRoom")), "b": Schema.list(Schema.ref("FreeRoom"))], required: [],
                    "What either meeting could move to; only with one clash by its id."),
            ], optional: ["closing", "decision"], "Two meetings that want one room at one time."),
        "ClashSide": Schema.object(
            [
                "origin": Schema.words(Side.self), "title": Schema.text, "organizer": Schema.text,
                "start": Schema.instant, "end": Schema.instant, "when": Schema.text("In words, in the room's zone."),
                "occurrence": original, "booking": Schema.id, "event": Schema.id, "status": status,
                "reason": Schema.text,
            ], optional: ["organizer", "occurrence", "booking", "event", "status", "reason"]),
        "FreeRoom": Schema.object(
            ["id": Schema.id, "name": Schema.text, "capacity": Schema.whole(), "location": Schema.text],
            optional: ["capacity"]),
        "Decision": Schema.object(
            [
                "kept": Schema.words(Clash.Party.self), "movedTo": Schema.text("A room's name."), "booked": Schema.id,
                "by": Schema.text, "at": Schema.instant, "remark": Schema.text("What a person still has to do."),
                "undoUntil": Schema.instant, "undoneBy": Schema.text, "undoneAt": Schema.instant,
            ], optional: ["movedTo", "booked", "remark", "undoneBy", "undoneAt"]),
        "Ruling": [
            "description": "Which meeting has the room, or which moves to another one.",
            "oneOf": [
                Schema.object(["keep": Schema.words(Clash.Party.self)]),
                Schema.object(
                    [
                        "move": Schema.words(Clash.Party.self),
                        "to": Schema.described(Schema.id, "The id of the other room."),
                    ]),
            ],
            "examples": [["keep": "a"]],
        ],
        "Drift": Schema.object(
            [
                "link": Schema.id, "title": Schema.text, "comparedAt": Schema.instant,
                "occasion": Schema.words(occasions), "bookings": Schema.whole(0...(.max)),
                "events": Schema.whole(0...(.max)),
                "underWay": Schema.whole(0...(.max), "Changes that came after the last pass."),
                "remarks": Schema.list(Schema.text),
                "failure": Schema.ref("Diagnosis", "Why nothing could be compared."),
                "items": Schema.list(Schema.ref("DriftItem")),
            ], optional: ["comparedAt", "occasion", "failure"],
            "Where the two sides of a link do not agree although nothing is on its way."),
        "DriftItem": Schema.object(
            [
                "id": Schema.id, "kind": Schema.words(DriftItem.Kind.self), "booking": Schema.id, "event": Schema.id,
                "field": Schema.words(MeetingField.self), "occurrence": original, "sentence": Schema.text,
                "here": Schema.text("The value in LoopBooking."), "there": Schema.text("The value in the calendar."),
                "repairedAt": Schema.instant, "outcome": Schema.text,
            ],
            optional: ["booking", "event", "field", "occurrence", "here", "there", "repairedAt", "outcome"]),
        "RepairOrder": [
            "description": "Which items are mended: some by their ids, or all.",
            "oneOf": [
                Schema.object(
                    ["items": Schema.list(Schema.id), "missing": missing, "all": ["const": false]],
                    required: ["items"]),
                Schema.object(["all": ["const": true], "missing": missing], required: ["all"]),
            ],
            "examples": [["all": true]],
        ],
        "Repair": Schema.object(
            [
                "id": Schema.id, "kind": Schema.words(DriftItem.Kind.self), "sentence": Schema.text,
                "outcome": Schema.text,
            ], "What was done with an item."),
    ]

    private static let readers = [Cursor.Reader.delta, .snapshot].map(\.rawValue)
    private static let occasions = [DriftReport.Occasion.scheduled, .asked].map(\.rawValue)
    private static let missing = Schema.words(
        DriftRepair.Missing.self,
        "A meeting that vanished on one side: follow cancels it on the other, restore writes it again.")
}
