import CalendarModel

/// `/bookings` and `/changes` in the document.
extension APIOperation {
    static let listBookings = APIOperation(
        "listBookings", "List bookings",
        details: "In order of start. A series is listed once, when one of its occurrences falls into the span.",
        tag: "Bookings",
        parameters: [
            APIParameter("room", "Only those of this room, by its id.", schema: Schema.id), .from, .to,
            APIParameter("status", "Only those with this status.", schema: OpenAPIDocument.status), .limit, .after,
        ],
        answers: [.page("A page of bookings.", "bookings", of: "Booking")], problems: [404: ["not-found"]])
    static let createBooking = APIOperation(
        "createBooking", "Book a room",
        details:
            "With a recurrence the booking is a series. A room whose calendar cannot be read may hold the booking as pending.",
        tag: "Bookings", parameters: [.idempotencyKey], body: Schema.ref("NewBooking"),
        answers: [.revised("The booking.", "Booking", status: 201, headers: ["Location"])],
        problems: [409: ["slot-taken", "room-not-certain"], 422: ["rule-violations"]])
    static let getBooking = APIOperation(
        "getBooking", "Read a booking", tag: "Bookings", parameters: [.ifNoneMatch],
        answers: [.revised("The booking.", "Booking")])
    static let changeBooking = APIOperation(
        "changeBooking", "Change a booking",
        details:
            "Of a series, all of it. A recurrence with a frequency is a new rule; without one, only the fields given change.",
        tag: "Bookings", parameters: [.ifMatch], body: Schema.ref("BookingChange"),
        answers: [.revised("The changed booking.", "Booking")],
        problems: [409: ["slot-taken", "booking-closed", "room-not-certain"], 422: ["rule-violations"]])
    static let cancelBooking = APIOperation(
        "cancelBooking", "Cancel a booking",
        details: "Its record stays. Cancelling again changes nothing.", tag: "Bookings",
        parameters: [.reason, .ifMatch], answers: [.revised("The cancelled booking.", "Booking")],
        problems: [409: ["booking-closed"], 422: ["rule-violations"]])
    static let getHistory = APIOperation(
        "getHistory", "Read a booking's story",
        details: "What people did, what crossed, what was refused and why, clashes and mended drift.", tag: "Bookings",
        answers: [
            APIAnswer(
                200, "The story, oldest line first.",
                schema: Schema.object(["history": Schema.list(Schema.ref("StoryLine"))]))
        ])
    static let listChanges = APIOperation(
        "listChanges", "Follow what happens to bookings",
        details: "The append-only feed of everything that happened. Ask again with after set to the last you saw.",
        tag: "Bookings",
        parameters: [
            APIParameter("after", "Only what came after this position.", schema: Schema.whole(0...(.max))), .limit,
        ],
        answers: [
            .page(
                "Changes in order.", "changes", of: "Change",
                more: ["last": Schema.whole(0...(.max), "The last position of this page.")])
        ])
}
