/// A request that the checker knows: what its body and its reply hold.
struct GraphOperation: Sendable {
    enum Shape: Sendable {
        case none
        /// An object of this type.
        case structure(String)
        /// An object with `value`, an array of objects of this type.
        case collection(String)
        case parameters([String: CSDLSchema.Property])
        case batch
        /// Known, but of types the description does not hold.
        case unchecked
    }

    var request: Shape
    var reply: Shape

    /// The operation of a method and the path's segments behind the version; nil for paths the checker does not know.
    static func find(method: String, segments: [String]) -> GraphOperation? {
        let lower = segments.map { $0.lowercased() }
        switch lower.first {
        case "places": return place(method: method, Array(lower.dropFirst()))
        case "subscriptions": return subscription(method: method, count: segments.count)
        case "$batch": return method == "POST" ? GraphOperation(request: .batch, reply: .batch) : nil
        case "organization": return method == "GET" ? GraphOperation(request: .none, reply: .unchecked) : nil
        case "me": return mailbox(method: method, Array(lower.dropFirst()))
        case "users":
            if lower.count == 1 { return method == "GET" ? GraphOperation(request: .none, reply: .unchecked) : nil }
            return mailbox(method: method, Array(lower.dropFirst(2)))
        default: return nil
        }
    }

    private static func place(method: String, _ rest: [String]) -> GraphOperation? {
        guard method == "GET" else { return nil }
        let type = rest.last.map { $0.replacing("microsoft.graph.", with: "").replacing("graph.", with: "") }
        switch (rest.count, type) {
        case (1, "room"): return GraphOperation(request: .none, reply: .collection("room"))
        case (1, "roomlist"): return GraphOperation(request: .none, reply: .collection("roomList"))
        case (1, _): return GraphOperation(request: .none, reply: .structure("room"))
        case (3, "rooms"): return GraphOperation(request: .none, reply: .collection("room"))
        case (2, "roomlist"): return GraphOperation(request: .none, reply: .structure("roomList"))
        case (2, "room"): return GraphOperation(request: .none, reply: .structure("room"))
        default: return nil
        }
    }

    private static func subscription(method: String, count: Int) -> GraphOperation? {
        let one = Shape.structure("subscription")
        return switch (method, count) {
        case ("GET", 1): GraphOperation(request: .none, reply: .collection("subscription"))
        case ("POST", 1): GraphOperation(request: one, reply: one)
        case ("GET", 2): GraphOperation(request: .none, reply: one)
        case ("PATCH", 2): GraphOperation(request: one, reply: one)
        case ("DELETE", 2): GraphOperation(request: .none, reply: .none)
        case ("POST", 3): GraphOperation(request: .none, reply: .none)
        default: nil
        }
    }

    /// What follows `/me` or `/users/{id}`, in lower case.
    private static func mailbox(method: String, _ rest: [String]) -> GraphOperation? {
        guard let first = rest.first else {
            return method == "GET" ? GraphOperation(request: .none, reply: .unchecked) : nil
        }
        switch first {
        case "events", "calendarview": return events(method: method, rest)
        case "calendar":
            if rest.count == 1 { return calendar(method: method) }
            if rest[1].hasSuffix("getschedule") { return getSchedule(method: method) }
            return events(method: method, Array(rest.dropFirst()))
        case "calendars":
            if rest.count == 1 {
                return method == "GET" ? GraphOperation(request: .none, reply: .collection("calendar")) : nil
            }
            if rest.count == 2 { return calendar(method: method) }
            return events(method: method, Array(rest.dropFirst(2)))
        case "mailboxsettings": return method == "GET" ? GraphOperation(request: .none, reply: .unchecked) : nil
        case "translateexchangeids":
            return method == "POST" ? GraphOperation(request: .parameters(translateParameters), reply: .unchecked) : nil
        case "outlook":
            guard method == "GET", rest.count == 2, rest[1].hasPrefix("supportedtimezones") else { return nil }
            return GraphOperation(request: .none, reply: .collection("timeZoneInformation"))
        default: return nil
        }
    }

    private static func calendar(method: String) -> GraphOperation? {
        switch method {
        case "GET": GraphOperation(request: .none, reply: .structure("calendar"))
        case "PATCH": GraphOperation(request: .structure("calendar"), reply: .structure("calendar"))
        default: nil
        }
    }

    private static func getSchedule(method: String) -> GraphOperation? {
        guard method == "POST" else { return nil }
        return GraphOperation(request: .parameters(scheduleParameters), reply: .collection("scheduleInformation"))
    }

    private static func events(method: String, _ rest: [String]) -> GraphOperation? {
        let event = Shape.structure("event")
        let events = Shape.collection("event")
        if rest.first == "calendarview" {
            let isDelta = rest.count == 2 && rest[1].replacing("microsoft.graph.", with: "").hasPrefix("delta")
            guard method == "GET", rest.count == 1 || isDelta else { return nil }
            return GraphOperation(request: .none, reply: events)
        }
        guard rest.first == "events" else { return nil }
        switch (method, rest.count) {
        case ("GET", 1): return GraphOperation(request: .none, reply: events)
        case ("POST", 1): return GraphOperation(request: event, reply: event)
        case ("GET", 2): return GraphOperation(request: .none, reply: rest[1].hasPrefix("delta") ? events : event)
        case ("PATCH", 2): return GraphOperation(request: event, reply: event)
        case ("DELETE", 2): return GraphOperation(request: .none, reply: .none)
        case ("GET", 3): return rest[2] == "instances" ? GraphOperation(request: .none, reply: events) : nil
        case ("POST", 3): return action(rest[2].replacing("microsoft.graph.", with: ""))
        default: return nil
        }
    }

    private static func action(_ name: String) -> GraphOperation? {
        switch name {
        case "cancel": GraphOperation(request: .parameters(["comment": string]), reply: .none)
        case "accept": GraphOperation(request: .parameters(answer), reply: .none)
        case "decline", "tentativelyaccept":
            GraphOperation(
                request: .parameters(answer.merging(["proposedNewTime": single("timeSlot")]) { first, _ in first }),
                reply: .none)
        case "forward":
            GraphOperation(
                request: .parameters(["comment": string, "toRecipients": many("recipient")]), reply: .none)
        case "permanentdelete", "dismissreminder": GraphOperation(request: .none, reply: .none)
        case "extensions":
            GraphOperation(request: .structure("openTypeExtension"), reply: .structure("openTypeExtension"))
        default: nil
        }
    }

    private static let string = single("Edm.String")
    private static let answer = ["comment": string, "sendResponse": single("Edm.Boolean")]
    private static let scheduleParameters = [
        "schedules": many("Edm.String"), "startTime": single("dateTimeTimeZone"),
        "endTime": single("dateTimeTimeZone"), "availabilityViewInterval": single("Edm.Int32"),
    ]
    private static let translateParameters = [
        "inputIds": many("Edm.String"), "sourceIdType": single("exchangeIdFormat"),
        "targetIdType": single("exchangeIdFormat"),
    ]

    private static func single(_ type: String) -> CSDLSchema.Property {
        CSDLSchema.Property(type: type, isCollection: false, isNullable: true, isNavigation: false)
    }

    private static func many(_ type: String) -> CSDLSchema.Property {
        CSDLSchema.Property(type: type, isCollection: true, isNullable: false, isNavigation: false)
    }
}
