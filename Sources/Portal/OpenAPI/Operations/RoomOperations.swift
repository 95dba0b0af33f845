/// `/rooms` in the document.
extension APIOperation {
    static let listRooms = APIOperation(
        "listRooms", "List the rooms", details: "By name.", tag: "Rooms", parameters: [.limit, .after],
        answers: [.page("A page of rooms.", "rooms", of: "Room")])
    static let addRoom = APIOperation(
        "addRoom", "Make a room", tag: "Rooms", parameters: [.idempotencyKey], body: Schema.ref("NewRoom"),
        answers: [.revised("The room.", "Room", status: 201, headers: ["Location"])],
        problems: [409: ["room-name-taken"], 422: ["rule-violations"]])
    static let getRoom = APIOperation(
        "getRoom", "Read a room", tag: "Rooms", parameters: [.ifNoneMatch],
        answers: [.revised("The room.", "Room")])
    static let changeRoom = APIOperation(
        "changeRoom", "Change a room",
        details: "New rules hold for new bookings; bookings that stand stay.", tag: "Rooms", parameters: [.ifMatch],
        body: Schema.ref("RoomChange"), answers: [.revised("The changed room.", "Room")],
        problems: [409: ["room-name-taken", "room-in-use"], 422: ["rule-violations"]])
    static let removeRoom = APIOperation(
        "removeRoom", "Remove a room",
        details:
            "It is refused while the room has bookings that are not over, or a link. Past bookings stay readable.",
        tag: "Rooms", parameters: [.ifMatch], answers: [APIAnswer(204, "The room is gone.")],
        problems: [409: ["room-in-use"]])
    static let getAvailability = APIOperation(
        "getAvailability", "See when a room is free", details: "For at most 62 days.", tag: "Rooms",
        parameters: [.requiredFrom, .requiredTo],
        answers: [APIAnswer(200, "What is taken and what is free.", schema: Schema.ref("Availability"))])
}
