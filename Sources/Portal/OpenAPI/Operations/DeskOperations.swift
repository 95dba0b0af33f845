/// What the desk does, in the document.
extension APIOperation {
    static let getLink = APIOperation(
        "getLink", "Read a link", tag: "Links", answers: [APIAnswer(200, "The link.", schema: Schema.ref("Link"))])
    static let pauseLink = APIOperation(
        "pauseLink", "Pause a link", details: "Nothing is lost; changes cross when it is resumed.", tag: "Links",
        answers: [APIAnswer(200, "The link, paused.", schema: Schema.ref("Link"))])
    static let resumeLink = APIOperation(
        "resumeLink", "Let a link run again",
        details: """
            Without `deletions` the calendar is read from scratch. A link that stopped because very many meetings vanished \
            is told with `accept` that they were meant, or with `restore` to write them again.
            """, tag: "Links", body: Schema.ref("Resumption"),
        answers: [APIAnswer(200, "The link.", schema: Schema.ref("Link"))], problems: [409: ["link-notHeld"]])
    static let readLinkAgain = APIOperation(
        "readLinkAgain", "Read the whole calendar again", details: "With the next pass, which is due at once.",
        tag: "Links", answers: [APIAnswer(200, "The link.", schema: Schema.ref("Link"))],
        problems: [409: ["link-notActive"]])
    static let syncLink = APIOperation(
        "syncLink", "Run a pass now", tag: "Links", body: Schema.ref("SyncOrder"),
        answers: [APIAnswer(200, "How it went.", schema: Schema.ref("Pass"))],
        problems: [409: ["link-notActive", "link-busy"]])
    static let listVanished = APIOperation(
        "listVanished", "List the meetings that vanished",
        details: "Those whose events are not in the calendar as it was last read.", tag: "Links",
        answers: [
            APIAnswer(
                200, "The meetings.", schema: Schema.object(["meetings": Schema.list(Schema.ref("VanishedMeeting"))]))
        ])
    static let getLinkHistory = APIOperation(
        "getLinkHistory", "Read what a link did", details: "Newest first.", tag: "Links", parameters: [.limit],
        answers: [
            APIAnswer(200, "Its story.", schema: Schema.object(["history": Schema.list(Schema.ref("LinkHistory"))]))
        ])
    static let getPolicy = APIOperation(
        "getPolicy", "Read a link's policy", tag: "Links", parameters: [.ifNoneMatch],
        answers: [.revised("The policy.", "Policy")])
    static let changePolicy = APIOperation(
        "changePolicy", "Change a link's policy", details: "Fields that are left out stay as they are.", tag: "Links",
        parameters: [.ifMatch], body: Schema.ref("PolicyChange"), answers: [.revised("The policy.", "Policy")],
        problems: [409: ["link-writing"]])

    static let searchBookings = APIOperation(
        "searchBookings", "Look for bookings",
        details: """
            By words of the subject, by who booked, by a room's name, or by the id of a booking or its event. What is private \
            or hidden by a room's policy is not found by it.
            """, tag: "Bookings",
        parameters: [
            APIParameter(
                "q", "The words; all must stand there.", schema: Schema.text(longest: SearchRoutes.longestText)),
            APIParameter("room", "Only in this room.", schema: Schema.id), .from, .to, .limit, .after,
        ], answers: [.page("What was found, soonest first.", "found", of: "FoundBooking")],
        problems: [404: ["not-found"]])
    static let getRoomDay = APIOperation(
        "getRoomDay", "Read a room's day on both sides", details: "The calendar's side is as it was last read.",
        tag: "Rooms",
        parameters: [APIParameter("date", "The day; today in the room's zone when not given.", schema: Schema.date)],
        answers: [APIAnswer(200, "The day.", schema: Schema.ref("RoomDay"))])

    static let getQueue = APIOperation(
        "getQueue", "Read the queue", details: "Passes that are due, under way or failing, and writes that are open.",
        tag: "Running", answers: [APIAnswer(200, "The queue.", schema: Schema.ref("Queue"))])
    static let getLatency = APIOperation(
        "getLatency", "Read how long changes take", tag: "Running",
        answers: [APIAnswer(200, "Now and by the hour of a week.", schema: Schema.ref("Latency"))])
    static let getLinkLatency = APIOperation(
        "getLinkLatency", "Read how long changes of a link take", tag: "Running",
        answers: [APIAnswer(200, "Now and by the hour of a week.", schema: Schema.ref("Latency"))])
    static let listCanaries = APIOperation(
        "listCanaries", "List a link's round trips", details: "Newest first.", tag: "Running",
        answers: [APIAnswer(200, "The runs.", schema: Schema.object(["runs": Schema.list(Schema.ref("Canary"))]))])
    static let sendCanary = APIOperation(
        "sendCanary", "Send a round trip",
        details: "A small booking far ahead goes to the calendar and back. It takes up to two minutes.", tag: "Running",
        answers: [APIAnswer(202, "It has begun.")], problems: [409: ["canary-underWay"]])
    static let listLeavers = APIOperation(
        "listLeavers", "List coming bookings of people who left", details: "As the directory answered last.",
        tag: "Running", answers: [APIAnswer(200, "Who left, and what they hold.", schema: Schema.ref("Leavers"))])
    static let lookForLeavers = APIOperation(
        "lookForLeavers", "Ask the directory who left", details: "Takes some seconds.", tag: "Running",
        answers: [APIAnswer(200, "Who left, and what they hold.", schema: Schema.ref("Leavers"))])
    static let handOverBookings = APIOperation(
        "handOverBookings", "Give bookings of somebody who left another organizer",
        details: "Only those made in LoopBooking; the others belong to their organizer's calendar and are passed over.",
        tag: "Running", body: Schema.ref("HandOver"), answers: [dealtWith], problems: [404: ["not-found"]])
    static let cancelLeaversBookings = APIOperation(
        "cancelLeaversBookings", "Cancel bookings of somebody who left", details: "Their rooms become free.",
        tag: "Running", body: Schema.ref("LeaverCancellation"), answers: [dealtWith], problems: [404: ["not-found"]])
    private static let dealtWith = APIAnswer(
        200, "What became of each booking; those no longer held by that person are in neither list.",
        schema: Schema.object([
            "done": Schema.list(Schema.id),
            "refused": Schema.list(
                Schema.object(["booking": Schema.id, "code": Schema.text, "detail": Schema.text])),
        ]))
}
