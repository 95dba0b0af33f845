/// Parameters that many operations have.
extension APIParameter {
    package static let limit = APIParameter(
        "limit", "How many at most; \(APIRequest.defaultLimit) when not given.",
        schema: Schema.whole(1...APIRequest.largestLimit))
    package static let after = APIParameter("after", "Where the page before ended: from its next. Opaque.")
    package static let from = APIParameter(
        "from", "Only what ends after this instant.", schema: instant)
    package static let to = APIParameter("to", "Only what starts before this instant.", schema: instant)
    package static let requiredFrom = APIParameter("from", required: true, "The span's start.", schema: instant)
    package static let requiredTo = APIParameter("to", required: true, "The span's end.", schema: later)
    package static let reason = APIParameter(
        "reason", "Why, for the booking's story.", schema: Schema.text(longest: 255))
    package static let ifMatch = APIParameter(
        "If-Match", in: .header, "The revision that was read, as its ETag. Another one in force is answered with 412.",
        schema: tag)
    package static let ifNoneMatch = APIParameter(
        "If-None-Match", in: .header, "The revision that is known, as its ETag. Still in force: answered with 304.",
        schema: tag)
    package static let idempotencyKey = APIParameter(
        "Idempotency-Key", in: .header,
        "Yours to choose. The same request sent again within 7 days is carried out once and answered the same.",
        schema: Schema.text(shortest: 1, longest: 255))

    private static let instant: JSONValue = [
        "type": "string", "format": "date-time", "examples": ["2026-03-02T09:00:00Z"],
    ]
    private static let later: JSONValue = [
        "type": "string", "format": "date-time", "examples": ["2026-03-09T09:00:00Z"],
    ]
    private static let tag = Schema.text(examples: ["\"3\""])
}

extension APIAnswer {
    /// A page of a list, with the address of the next one.
    package static func page(_ summary: String, _ name: String, of schema: String, more: [String: JSONValue] = [:])
        -> APIAnswer
    {
        var properties = more
        properties[name] = Schema.list(Schema.ref(schema))
        properties["next"] = Schema.nullable(
            Schema.text("The address of the next page; null on the last.", format: "uri-reference"))
        let names = [name] + more.keys.sorted() + ["next"]
        return APIAnswer(
            200, summary,
            schema: [
                "type": "object", "additionalProperties": false, "required": .array(names.map(JSONValue.string)),
                "properties": .object(properties),
            ])
    }

    /// One thing with its revision.
    package static func revised(
        _ summary: String, _ schema: String, status: Int = 200, headers: [String] = []
    ) -> APIAnswer {
        APIAnswer(status, summary, schema: Schema.ref(schema), headers: ["ETag"] + headers)
    }
}
