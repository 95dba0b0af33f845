import SQLStore

/// Links, clashes and drift in the document.
extension APIOperation {
    static let listLinks = APIOperation(
        "listLinks", "List the links", details: "With their condition, and what is wrong in words.", tag: "Links",
        answers: [
            APIAnswer(200, "Every link.", schema: Schema.object(["links": Schema.list(Schema.ref("Link"))]))
        ])
    static let getStatus = APIOperation(
        "getStatus", "Count the links by condition", tag: "Links",
        answers: [APIAnswer(200, "How many are how.", schema: Schema.ref("Status"))])

    static let listClashes = APIOperation(
        "listClashes", "List clashes", details: "Newest first; the open ones when not told otherwise.", tag: "Clashes",
        parameters: [
            APIParameter(
                "state", "Only those in this state, or all.", schema: Schema.words(Clash.State.self, and: ["all"]))
        ],
        answers: [
            APIAnswer(200, "The clashes.", schema: Schema.object(["clashes": Schema.list(Schema.ref("Clash"))]))
        ])
    static let getClash = APIOperation(
        "getClash", "Read a clash", details: "With the rooms that either meeting could move to.", tag: "Clashes",
        answers: [APIAnswer(200, "The clash.", schema: Schema.ref("Clash"))])
    static let decideClash = APIOperation(
        "decideClash", "Decide a clash",
        details: "A decision holds whatever the link's policy says. It can be undone for a day.", tag: "Clashes",
        body: Schema.ref("Ruling"),
        answers: [APIAnswer(200, "The clash with its decision.", schema: Schema.ref("Clash"))],
        problems: [
            409: [
                "clash-decided", "clash-over", "clash-slotTaken", "clash-roomNotFree", "clash-noSuchRoom",
                "clash-notInLoopBooking",
            ], 422: ["rule-violations"],
        ])
    static let undoClash = APIOperation(
        "undoClash", "Take a decision back", details: "For a day. What stood before stands again.", tag: "Clashes",
        answers: [APIAnswer(200, "The clash, undone.", schema: Schema.ref("Clash"))],
        problems: [
            409: [
                "clash-notDecided", "clash-over", "clash-tooLate", "clash-changedSince", "clash-slotTaken",
                "clash-answered", "clash-roomNotFree",
            ]
        ])

    static let getDrift = APIOperation(
        "getDrift", "Read what does not agree", details: "As it was compared last.", tag: "Drift",
        answers: [APIAnswer(200, "The newest comparison.", schema: Schema.ref("Drift"))])
    static let checkDrift = APIOperation(
        "checkDrift", "Compare both sides now",
        details: "Reads the whole calendar anew and writes to neither side.", tag: "Drift",
        answers: [APIAnswer(200, "The comparison.", schema: Schema.ref("Drift"))], problems: [409: ["link-busy"]])
    static let repairDrift = APIOperation(
        "repairDrift", "Mend what does not agree",
        details: "Where both sides have a value, the side that leads by the link's policy is taken over.",
        tag: "Drift", body: Schema.ref("RepairOrder"),
        answers: [
            APIAnswer(
                200, "What was done.", schema: Schema.object(["repaired": Schema.list(Schema.ref("Repair"))]))
        ], problems: [409: ["link-busy"]])
}
