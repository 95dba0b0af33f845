import CalendarModel
import CalendarTime

extension World {
    /// `POST …/calendar/getSchedule`: who is free when, for anybody in the tenant.
    func graphSchedule(_ request: GraphRequest, _ access: MailboxAccess) throws(GraphError) -> GraphReply {
        let given = try request.object()
        let body = Dictionary(given.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
        guard let schedules = body["schedules"]?.array?.compactMap(\.string), !schedules.isEmpty,
            let startValue = body["starttime"], let endValue = body["endtime"]
        else { throw .invalidRequest("schedules, startTime and endTime are needed.") }
        let interval = body["availabilityviewinterval"]?.int ?? 30
        guard (5...1440).contains(interval) else {
            throw .invalidRequest("availabilityViewInterval must be 5 to 1440 minutes.")
        }
        let window = TimeSpan(
            start: try GraphEventReader.time("startTime", startValue).instant,
            end: try GraphEventReader.time("endTime", endValue).instant)
        guard window.start < window.end, window.duration <= .seconds(62 * 86_400) else {
            throw .invalidRequest("endTime must be after startTime, by 62 days at most.")
        }
        guard schedules.count <= 20 else { throw .invalidRequest("At most 20 schedules can be asked for at once.") }
        let zone = try request.preferences.zone()
        let values = schedules.map { address in
            scheduleInformation(address, window, interval: interval, zone: zone, access)
        }
        return .ok([
            "@odata.context": .string("\(request.base)/$metadata#Collection(microsoft.graph.scheduleInformation)"),
            "value": .array(values),
        ])
    }

    private func scheduleInformation(
        _ address: String, _ window: TimeSpan, interval: Int, zone: ZonedTime.Zone, _ access: MailboxAccess
    ) -> GraphJSON {
        let place = room(at: address, tenantID: access.tenantID)
        guard place != nil || user(address, tenantID: access.tenantID)?.hasMailbox == true else {
            return [
                "scheduleId": .string(address), "availabilityView": "", "scheduleItems": [],
                "error": [
                    "message": .string(
                        "Unable to resolve e-mail address \(address) to an Active Directory object."),
                    "responseCode": "ErrorMailRecipientNotFound",
                ],
            ]
        }
        let mailbox = graphMailbox(address)
        let writer = GraphEventWriter(mailbox: mailbox.tag, zone: zone)
        let rows = Self.rows(of: mailbox, in: window).filter { !$0.item.isCancelled }
        let items: [GraphJSON] = rows.map { row in
            let isPrivate = ["private", "confidential"].contains(row.content.text("sensitivity"))
            return [
                "isPrivate": .bool(isPrivate), "status": .string(row.content.text("showAs")),
                "subject": .string(isPrivate ? "" : row.content.text("subject")),
                "location": .string(isPrivate ? "" : row.content.properties["location"]?["displayName"]?.string ?? ""),
                "start": writer.time(row.content.start, isAllDay: row.content.isAllDay),
                "end": writer.time(row.content.end, isAllDay: row.content.isAllDay),
            ]
        }
        return [
            "scheduleId": .string(address), "scheduleItems": .array(items),
            "availabilityView": .string(Self.availability(rows, window, interval)),
            "workingHours": Self.workingHours(place?.timeZone ?? "UTC"),
        ]
    }

    /// One digit for each interval: 0 free, 1 tentative, 2 busy, 3 out of office, 4 working elsewhere.
    private static func availability(_ rows: [GraphRow], _ window: TimeSpan, _ interval: Int) -> String {
        let digits = ["tentative": 1, "busy": 2, "oof": 3, "workingElsewhere": 4]
        let step = Duration.seconds(interval * 60)
        var view = ""
        var start = window.start
        while start < window.end {
            let slot = TimeSpan(start: start, end: min(start.advanced(by: step), window.end))
            let found = rows.filter { $0.content.span.overlaps(slot) }
                .map { digits[$0.content.text("showAs")] ?? 0 }
            // Out of office hides everything else, then busy, then tentative; working elsewhere comes last.
            view += String([3, 2, 1, 4].first(where: found.contains) ?? 0)
            start = slot.end
        }
        return view
    }
}
