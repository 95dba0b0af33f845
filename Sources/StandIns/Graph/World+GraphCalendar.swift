import CalendarModel
import CalendarTime
import HTTPTypes

extension World {
    /// A calendar's own id: constant, and the same in both id forms.
    static func calendarID(of address: String) -> String {
        GraphIdentifier(mailbox: GraphIdentifier.tag(of: address), item: 0, moves: 0).text
    }

    /// `GET …/calendar`
    func graphCalendarResource(_ request: GraphRequest, _ access: MailboxAccess) throws(GraphError) -> GraphReply {
        var body = try calendarBody(request, access)
        body["@odata.context"] = .string("\(request.base)/$metadata#\(access.contextName)/calendar/$entity")
        return .ok(.object(body))
    }

    /// `GET …/calendars`: every mailbox here has the one default calendar.
    func graphCalendars(_ request: GraphRequest, _ caller: Caller, _ owner: String?) throws(GraphError) -> GraphReply {
        guard request.method == .get else { throw .methodNotAllowed }
        let access = try mailboxAccess(caller, owner: owner, permission: .read)
        var calendars: [GraphJSON] = [.object(try calendarBody(request, access))]
        if let text = request.query["$filter"] {
            let filter = try GraphFilter(text)
            calendars = calendars.filter { filter.matches($0) }
        }
        return .ok([
            "@odata.context": .string("\(request.base)/$metadata#\(access.contextName)/calendars"),
            "value": .array(calendars),
        ])
    }

    private func calendarBody(
        _ request: GraphRequest, _ access: MailboxAccess
    ) throws(GraphError) -> [String: GraphJSON] {
        let writable = Self.grants(access.caller, anyOf: ["Calendars.ReadWrite", "Calendars.ReadWrite.Shared"])
        var body: [String: GraphJSON] = [
            "id": .string(Self.calendarID(of: access.address)), "name": "Calendar", "color": "auto", "hexColor": "",
            "isDefaultCalendar": true, "changeKey": "ZlnW4RIAV06KYYwlrfNZvQAAAAACrg==",
            "canShare": .bool(!access.isDelegate),
            "canViewPrivateItems": .bool(access.seesPrivateItems), "canEdit": .bool(writable && access.canWrite),
            "isTallyingResponses": true, "isRemovable": false,
            "allowedOnlineMeetingProviders": ["teamsForBusiness"], "defaultOnlineMeetingProvider": "teamsForBusiness",
            "owner": ["name": .string(access.displayName), "address": .string(access.address)],
        ]
        if let select = request.query["$select"] {
            let names = Set(select.split(separator: ",").map { String($0).trimmed })
            if let unknown = names.first(where: { body[$0] == nil }) {
                throw .unreadableQuery(
                    "Could not find a property named '\(unknown)' on type 'microsoft.graph.calendar'.")
            }
            body = body.filter { $0.key == "id" || names.contains($0.key) }
        }
        return body
    }

    /// `GET …/mailboxSettings` and `…/mailboxSettings/timeZone`
    func graphMailboxSettings(
        _ request: GraphRequest, _ access: MailboxAccess, _ path: [String]
    ) throws(GraphError) -> GraphReply {
        guard request.method == .get else { throw .methodNotAllowed }
        let context = "\(request.base)/$metadata#\(access.contextName)/mailboxSettings"
        switch path.first?.lowercased() {
        case "timezone":
            return .ok(["@odata.context": .string("\(context)/timeZone"), "value": .string(access.zoneName)])
        case nil:
            return .ok([
                "@odata.context": .string(context), "timeZone": .string(access.zoneName), "dateFormat": "yyyy-MM-dd",
                "timeFormat": "HH:mm", "delegateMeetingMessageDeliveryOptions": "sendToDelegateOnly",
                "workingHours": Self.workingHours(access.zoneName),
            ])
        case let other?: throw .noSegment(other)
        }
    }

    static func workingHours(_ zoneName: String) -> GraphJSON {
        [
            "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"], "startTime": "08:00:00.0000000",
            "endTime": "17:00:00.0000000", "timeZone": ["name": .string(zoneName)],
        ]
    }

    /// `GET …/outlook/supportedTimeZones(TimeZoneStandard=…)`
    func graphOutlook(
        _ request: GraphRequest, _ caller: Caller, _ owner: String?, _ path: [String]
    ) throws(GraphError) -> GraphReply {
        guard request.method == .get, let segment = path.first, Self.functionName(segment) == "supportedtimezones"
        else {
            throw .noSegment(path.first ?? "outlook")
        }
        guard let name = owner ?? caller.userPrincipalName,
            user(name, tenantID: caller.tenantID) != nil || room(at: name, tenantID: caller.tenantID) != nil
        else { throw .notYourOwn }
        let iana = segment.lowercased().contains("'iana'")
        let names = Self.zonesOfTheWorld.compactMap { zone in
            iana ? zone : Zones.windowsName(for: ZoneID(zone))
        }
        var seen: Set<String> = []
        return .ok([
            "@odata.context": .string("\(request.base)/$metadata#Collection(microsoft.graph.timeZoneInformation)"),
            "value": .array(
                names.filter { seen.insert($0).inserted }.map { ["alias": .string($0), "displayName": .string($0)] }),
        ])
    }

    private static let zonesOfTheWorld = [
        "Etc/UTC", "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver", "America/Phoenix",
        "America/Chicago", "America/Mexico_City", "America/New_York", "America/Toronto", "America/Halifax",
        "America/St_Johns", "America/Sao_Paulo", "America/Argentina/Buenos_Aires", "Atlantic/Azores", "Europe/London",
        "Europe/Dublin", "Europe/Lisbon", "Europe/Oslo", "Europe/Berlin", "Europe/Paris", "Europe/Madrid",
        "Europe/Warsaw", "Europe/Budapest", "Europe/Athens", "Europe/Helsinki", "Europe/Kyiv", "Europe/Istanbul",
        "Europe/Moscow", "Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "Asia/Jerusalem", "Asia/Dubai",
        "Asia/Tehran", "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Bangkok", "Asia/Shanghai",
        "Asia/Singapore", "Asia/Tokyo", "Asia/Seoul", "Australia/Perth", "Australia/Adelaide", "Australia/Brisbane",
        "Australia/Sydney", "Pacific/Auckland",
    ]

    /// `POST …/translateExchangeIds`
    func graphTranslate(_ request: GraphRequest, _ access: MailboxAccess) throws(GraphError) -> GraphReply {
        guard request.method == .post else { throw .methodNotAllowed }
        let body = try request.object()
        let ids = (body["inputIds"] ?? body["InputIds"])?.array?.compactMap(\.string) ?? []
        let target = (body["targetIdType"] ?? body["TargetIdType"])?.string?.lowercased() ?? ""
        guard ids.count <= 1000 else { throw .invalidRequest("At most 1000 ids can be translated at once.") }
        guard ["restid", "restimmutableentryid"].contains(target) else {
            throw .invalidRequest("Only restId and restImmutableEntryId can be translated here.")
        }
        let mailbox = graphMailbox(access.address)
        let values: [GraphJSON] = ids.compactMap { text in
            guard let id = GraphIdentifier(text), id.mailbox == mailbox.tag, let item = mailbox.items[id.item] else {
                return nil
            }
            let translated = item.identifier(
                in: mailbox.tag, occurrence: id.occurrence, immutable: target == "restimmutableentryid")
            return ["sourceId": .string(text), "targetId": .string(translated.text)]
        }
        return .ok([
            "@odata.context": .string("\(request.base)/$metadata#Collection(microsoft.graph.convertIdResult)"),
            "value": .array(values),
        ])
    }
}
