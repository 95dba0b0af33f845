/// What goes wrong (RFC 9457).
extension OpenAPIDocument {
    static let problemSchemas: [String: JSONValue] = [
        // Open for further members: problems have what helps to solve them.
        "Problem": [
            "type": "object", "description": "What went wrong, what it means and what to do (RFC 9457).",
            "required": ["type", "title", "status", "detail", "code", "requestId"],
            "properties": [
                "type": Schema.text(format: "uri", examples: ["urn:loopbooking:problem:rule-violations"]),
                "title": Schema.text, "status": Schema.whole(400...599),
                "detail": Schema.text("What happened and what to do next."),
                "code": Schema.text("A stable name for programs.", examples: ["slot-taken"]),
                "requestId": Schema.text("By which the log knows the request."),
                "errors": Schema.list(Schema.ref("FieldError"), "Everything that is wrong, not only the first thing."),
                "conflict": Schema.ref("HeldSlot"),
                "conflicts": Schema.list(Schema.ref("OccurrenceConflict"), most: 50),
                "conflictCount": Schema.whole(1...(.max), "How many occurrences are taken."),
                "occurrenceCount": Schema.whole(1...(.max), "How many occurrences were looked at."),
                "revision": Schema.whole(1...(.max), "The present revision."),
            ],
        ],
        "FieldError": Schema.object(
            [
                "field": Schema.text(examples: ["end"]), "code": Schema.text(examples: ["end-before-start"]),
                "message": Schema.text,
            ]),
        "HeldSlot": Schema.object(
            ["booking": Schema.id, "start": Schema.instant, "end": Schema.instant],
            "The booking that holds the room, and when."),
        "OccurrenceConflict": Schema.object(
            ["original": original, "booking": Schema.id, "start": Schema.instant, "end": Schema.instant],
            "An occurrence that is taken, and by whom."),
    ]
}
