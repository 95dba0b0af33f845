import CalendarModel
import CalendarTime
import HTTPTypes

extension World {
    /// Answers one request. Everything that was due before it has happened when it is looked at.
    func graphAnswer(_ request: GraphRequest) -> GraphReply {
        settleGraph()
        do throws(GraphError) {
            return try graphRoute(request)
        } catch {
            return GraphReply(status: error.status, body: error.body(request.trace), headers: error.headers)
        }
    }

    private func graphRoute(_ request: GraphRequest) throws(GraphError) -> GraphReply {
        let caller = try graphCaller(request)
        switch request.segment(0)?.lowercased() {
        case "places": return try graphPlaces(request, caller)
        case "me": return try graphOwned(request, caller, owner: nil, path: Array(request.segments.dropFirst()))
        case "users":
            guard let owner = request.segment(1) else { return try graphUsers(request, caller) }
            return try graphOwned(request, caller, owner: owner, path: Array(request.segments.dropFirst(2)))
        case "subscriptions": throw .noSubscriptions
        default: throw .noSegment(request.segment(0) ?? "")
        }
    }

    /// `/users/{owner}/…` and `/me/…`.
    private func graphOwned(
        _ request: GraphRequest, _ caller: Caller, owner: String?, path: [String]
    ) throws(GraphError) -> GraphReply {
        guard let head = path.first else { return try graphUser(request, caller, owner: owner) }
        let rest = Array(path.dropFirst())
        switch head.lowercased() {
        case "calendar": return try graphCalendar(request, caller, owner, rest)
        case "calendars":
            guard let id = rest.first else { return try graphCalendars(request, caller, owner) }
            let access = try mailboxAccess(caller, owner: owner, permission: .read)
            guard id == Self.calendarID(of: access.address) else { throw .itemNotFound }
            return try graphCalendar(request, caller, owner, Array(rest.dropFirst()))
        case "events", "calendarview": return try graphCalendar(request, caller, owner, path)
        case "translateexchangeids", "microsoft.graph.translateexchangeids":
            return try graphTranslate(request, try mailboxAccess(caller, owner: owner, permission: .read))
        case "mailboxsettings":
            return try graphMailboxSettings(
                request, try mailboxAccess(caller, owner: owner, permission: .settings), rest)
        case "outlook": return try graphOutlook(request, caller, owner, rest)
        default: throw .noSegment(head)
        }
    }

    /// `…/calendar/…`
    private func graphCalendar(
        _ request: GraphRequest, _ caller: Caller, _ owner: String?, _ path: [String]
    ) throws(GraphError) -> GraphReply {
        let isRead = request.method == .get
        switch path.first?.lowercased() {
        case nil:
            guard isRead else { throw .methodNotAllowed }
            return try graphCalendarResource(request, try mailboxAccess(caller, owner: owner, permission: .read))
        case "events":
            let access = try mailboxAccess(caller, owner: owner, permission: isRead ? .read : .write)
            return try graphEvents(request, access, Array(path.dropFirst()))
        case "calendarview":
            guard isRead else { throw .methodNotAllowed }
            let access = try mailboxAccess(caller, owner: owner, permission: .read)
            switch path.dropFirst().first.map({ Self.functionName($0) }) {
            case nil: return try graphCalendarView(request, access)
            case "delta": return try graphDelta(request, access)
            case let other?: throw .noSegment(other)
            }
        case let name? where Self.functionName(name) == "getschedule":
            guard request.method == .post else { throw .methodNotAllowed }
            return try graphSchedule(request, try mailboxAccess(caller, owner: owner, permission: .freeBusy))
        case let other?: throw .noSegment(other)
        }
    }

    /// `…/events/…`
    private func graphEvents(
        _ request: GraphRequest, _ access: MailboxAccess, _ path: [String]
    ) throws(GraphError) -> GraphReply {
        guard let id = path.first else {
            switch request.method {
            case .get: return try graphEventList(request, access)
            case .post: return try graphCreateEvent(request, access)
            default: throw .methodNotAllowed
            }
        }
        if id == "$count" { return .ok(.int(graphMailbox(access.address).items.count)) }
        switch (request.method, path.dropFirst().first.map { Self.functionName($0) }) {
        case (.get, nil): return try graphGetEvent(request, access, id)
        case (.patch, nil): return try graphUpdateEvent(request, access, id)
        case (.delete, nil): return try graphDeleteEvent(request, access, id)
        case (.get, "instances"): return try graphInstances(request, access, id)
        case (.post, "cancel"): return try graphCancelEvent(request, access, id)
        case (.post, "accept"): return try graphRespond(request, access, id, "accepted")
        case (.post, "tentativelyaccept"): return try graphRespond(request, access, id, "tentativelyAccepted")
        case (.post, "decline"): return try graphRespond(request, access, id, "declined")
        case (.post, "forward"): return try graphForward(request, access, id)
        case (.post, "permanentdelete"): return try graphDeleteEvent(request, access, id)
        case (_, nil), (_, "instances"), (_, "cancel"), (_, "accept"), (_, "decline"), (_, "tentativelyaccept"),
            (_, "forward"):
            throw .methodNotAllowed
        case (_, let other?): throw .noSegment(other)
        }
    }

    /// `delta` for `delta`, `delta()`, `microsoft.graph.delta` and `microsoft.graph.delta()`.
    static func functionName(_ segment: String) -> String {
        var name = segment.lowercased()
        if let open = name.firstIndex(of: "(") { name = String(name[..<open]) }
        return name.hasPrefix("microsoft.graph.") ? String(name.dropFirst("microsoft.graph.".count)) : name
    }
}

extension GraphError {
    /// Outlook takes no subscriptions to somebody else's calendar, and this stand-in sends no notifications at all.
    static let noSubscriptions = GraphError(
        status: 403, code: "ExtensionError",
        message: "Operation: Create; Exception: [Status Code: Forbidden; Reason: Forbidden]")
}
