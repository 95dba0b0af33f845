/// The single occurrences of a series in the document.
extension APIOperation {
    static let listOccurrences = APIOperation(
        "listOccurrences", "List a series' occurrences",
        details: "Those that touch the span, of at most 1100 days; cancelled ones too.", tag: "Series",
        parameters: [.requiredFrom, .requiredTo, .ifNoneMatch],
        answers: [
            APIAnswer(
                200, "The occurrences in order.",
                schema: Schema.object(
                    [
                        "booking": Schema.id, "revision": Schema.whole(1...(.max)),
                        "occurrences": Schema.list(Schema.ref("Occurrence")),
                    ]), headers: ["ETag"])
        ], problems: [409: ["not-a-series"]])
    static let changeOccurrence = APIOperation(
        "changeOccurrence", "Change one occurrence", tag: "Series", parameters: [originalPart, .ifMatch],
        body: Schema.ref("OccurrenceChange"), answers: [.revised("The whole series.", "Booking")],
        problems: [
            404: ["no-such-occurrence"],
            409: ["slot-taken", "not-a-series", "occurrence-cancelled", "booking-closed", "room-not-certain"],
            422: ["rule-violations"],
        ])
    static let cancelOccurrence = APIOperation(
        "cancelOccurrence", "Take one occurrence out",
        details: "When it was the last one left, the booking is cancelled.", tag: "Series",
        parameters: [originalPart, .reason, .ifMatch], answers: [.revised("The whole series.", "Booking")],
        problems: [
            404: ["no-such-occurrence"], 409: ["not-a-series", "booking-closed"], 422: ["rule-violations"],
        ])
    static let restoreOccurrence = APIOperation(
        "restoreOccurrence", "Give one occurrence back",
        details: "A cancelled one is held again, a changed one is again as the series has it.", tag: "Series",
        parameters: [originalPart, .ifMatch, .idempotencyKey], body: Schema.object([:], required: [], "Empty: {}."),
        example: [:], answers: [.revised("The whole series.", "Booking", headers: ["Idempotency-Replayed"])],
        problems: [
            404: ["no-such-occurrence"],
            409: ["slot-taken", "not-a-series", "booking-closed", "room-not-certain"], 422: ["rule-violations"],
        ])
    static let splitSeries = APIOperation(
        "splitSeries", "Change this and the following occurrences",
        details:
            "Cuts a series in two: the booking ends before from; a new one goes on from there, with the changes given.",
        tag: "Series", parameters: [.ifMatch, .idempotencyKey], body: Schema.ref("Split"),
        answers: [.revised("Both halves.", "SplitResult", status: 201, headers: ["Location"])],
        problems: [
            404: ["no-such-occurrence"],
            409: ["slot-taken", "not-a-series", "occurrence-cancelled", "booking-closed", "room-not-certain"],
            422: ["rule-violations"],
        ])

    private static let originalPart = APIParameter(
        "original", in: .path, required: true, "The occurrence's original start.", schema: OpenAPIDocument.original)
}
