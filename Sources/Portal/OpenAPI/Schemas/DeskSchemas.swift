import CalendarModel
import SQLStore
import SyncEngine
import SyncService

/// What the desk shows.
extension OpenAPIDocument {
    static let deskSchemas: [String: JSONValue] = [
        "Resumption": Schema.object(
            ["deletions": Schema.words(LinkDesk.HeldDeletions.self, "What becomes of the meetings that vanished.")],
            required: [], examples: [["deletions": "restore"]]),
        "SyncOrder": Schema.object(
            ["fromScratch": Schema.described(Schema.flag, "Read the whole calendar.")], required: [],
            examples: [["fromScratch": false]]),
        "Pass": Schema.object(
            [
                "startedAt": Schema.instant, "finishedAt": Schema.instant,
                "read": Schema.described(Schema.flag, "Whether the calendar was read."),
                "steps": Schema.list(
                    Schema.object(
                        ["action": Schema.text, "sentence": Schema.text, "failure": Schema.ref("Diagnosis")],
                        optional: ["failure"])), "remarks": Schema.list(Schema.text),
                "failure": Schema.ref("Diagnosis", "Why the pass ended early."), "hold": hold,
            ], optional: ["failure", "hold"], "How a pass went."),
        "VanishedMeeting": Schema.object(
            [
                "booking": Schema.id, "title": Schema.text, "organizer": Schema.text, "start": Schema.instant,
                "end": Schema.instant, "isSeries": Schema.flag, "origin": Schema.words(Side.self),
            ], optional: ["organizer"], "A meeting whose event is not in the calendar any more."),
        "LinkHistory": Schema.object(
            ["at": Schema.instant, "action": Schema.text, "what": Schema.text, "booking": Schema.id],
            optional: ["booking"]),
        "Policy": Schema.object(policy, "What a link does where a choice exists."),
        "PolicyChange": Schema.object(policy, required: [], examples: [["content": "busyWithOrganizer"]]),
        "FoundBooking": Schema.object(
            [
                "id": Schema.id, "room": Schema.id, "roomName": Schema.text, "title": Schema.text,
                "organizer": Schema.nullable(Schema.text), "start": Schema.instant, "end": Schema.instant,
                "isSeries": Schema.flag, "status": status, "origin": Schema.words(Side.self),
            ], "A booking as far as it may be shown; of a series its next meeting."),
        "RoomDay": Schema.object(
            [
                "room": Schema.id, "date": Schema.date, "timeZone": Schema.text,
                "meetings": Schema.list(
                    Schema.object([
                        "state": Schema.words(RoomDay.State.self),
                        "loopBooking": Schema.nullable(Schema.ref("DayMeeting")),
                        "calendar": Schema.nullable(Schema.ref("DayMeeting")),
                    ])),
            ], "A room's day: each meeting as it stands on both sides."),
        "DayMeeting": Schema.object([
            "booking": Schema.nullable(Schema.id), "event": Schema.nullable(Schema.id), "title": Schema.text,
            "organizer": Schema.nullable(Schema.text), "start": Schema.instant, "end": Schema.instant,
            "holdsRoom": Schema.flag,
        ]),
        "Queue": Schema.object([
            "links": Schema.list(
                Schema.object(
                    [
                        "link": Schema.id, "title": Schema.text, "standing": Schema.words(QueuedLink.Standing.self),
                        "dueAt": Schema.instant, "leasedUntil": Schema.instant, "failures": count,
                        "failure": Schema.ref("Diagnosis"),
                    ], optional: ["dueAt", "leasedUntil", "failure"])),
            "intents": Schema.list(
                Schema.object([
                    "link": Schema.id, "title": Schema.text, "action": Schema.text, "subject": Schema.text,
                    "attempts": count, "since": Schema.instant, "reason": Schema.text,
                ])),
        ]),
        "Latency": Schema.object([
            "now": Schema.ref("LatencyMeasure", "This hour and the one before."),
            "week": Schema.list(
                Schema.object([
                    "hour": Schema.instant, "toward": Schema.words(Side.self), "measure": Schema.ref("LatencyMeasure"),
                ])),
        ]),
        "LatencyMeasure": Schema.object(
            ["count": count, "meanSeconds": number, "p95Seconds": number, "maximumSeconds": number],
            "How long changes took to the other side."),
        "Canary": Schema.object(
            [
                "id": Schema.id, "link": Schema.id, "startedAt": Schema.instant, "finishedAt": Schema.instant,
                "outcome": Schema.words(CanaryRun.Outcome.self), "outboundSeconds": number, "inboundSeconds": number,
                "diagnosis": Schema.ref("Diagnosis"),
            ], optional: ["finishedAt", "outboundSeconds", "inboundSeconds", "diagnosis"],
            "A measured round trip of a link."),
        "Leavers": Schema.object([
            "askedAt": Schema.described(Schema.nullable(Schema.instant), "Null when nobody has looked yet."),
            "asked": count, "unknown": count, "obstacles": Schema.list(Schema.ref("Diagnosis")),
            "people": Schema.list(
                Schema.object([
                    "name": Schema.text, "address": Schema.text, "presence": Schema.words(Presence.self),
                    "bookings": Schema.list(
                        Schema.object([
                            "id": Schema.id, "room": Schema.id, "roomName": Schema.text, "title": Schema.text,
                            "start": Schema.instant, "end": Schema.instant, "isSeries": Schema.flag,
                            "canBeHandedOver": Schema.flag,
                        ])),
                ])),
        ]),
        "HandOver": Schema.object([
            "person": leaver, "bookings": leaversBookings, "to": Schema.ref("PersonInput"),
        ]),
        "LeaverCancellation": Schema.object(
            [
                "person": leaver, "bookings": leaversBookings,
                "reason": Schema.text(longest: LeaverRoutes.longestReason),
            ], optional: ["reason"]),
    ]

    private static let leaver = Schema.text("Who left, by the address in the list.")
    private static let leaversBookings = JSONValue.object([
        "type": "array", "items": Schema.text, "minItems": 1, "maxItems": .integer(Int64(LeaverRoutes.mostBookings)),
    ])
    private static let count = Schema.whole(0...(.max))
    private static let number: JSONValue = ["type": "number", "minimum": 0]
    private static let hold = Schema.object(["vanished": count, "of": count], "So many meetings vanished at once.")
    private static let policy: KeyValuePairs<String, JSONValue> = [
        "writing": Schema.words(WritingMode.self, "How bookings are written into the calendar."),
        "clash": Schema.words(LinkPolicy.Clash.self, "Who keeps the room when two meetings want it."),
        "divergence": Schema.words(LinkPolicy.Divergence.self, "Whose change of one field stands."),
        "content": Schema.words(LinkPolicy.Content.self, "What crosses."),
        "whenBlind": Schema.words(LinkPolicy.WhenBlind.self, "New bookings while the calendar cannot be read."),
        "massDeletionShare": [
            "type": "number", "minimum": .number(0.01), "maximum": 1,
            "description": "A reading that takes away a larger share of coming meetings stops the link…",
        ],
        "massDeletionMinimum": Schema.whole(1...10_000, "…when it is at least so many."),
    ]
}
