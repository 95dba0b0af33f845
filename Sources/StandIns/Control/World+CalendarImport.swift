import CalendarModel
import CalendarTime
import ICalendar

extension World {
    /// Puts a file's meetings into a mailbox, as Exchange would hold them: a series that Exchange has no pattern for
    /// becomes single events for some years, and so does an occurrence moved past its neighbours.
    ///
    /// - Parameter timeZone: Where times without a zone are meant; the mailbox' own zone when nil.
    package func importCalendar(
        _ text: String, into address: String, timeZone: String?
    ) throws(ControlError) -> JSONDocument {
        let place = tenants.values.lazy.compactMap { $0.room(at: address) }.first
        let person = tenants.values.lazy.compactMap { $0.user(address) }.first { $0.hasMailbox }
        guard place != nil || person != nil else { throw .notFound("mailbox", address) }
        let zoneName = timeZone ?? place?.timeZone ?? "UTC"
        guard let zone = ZonedTime.Zone(named: zoneName) else {
            throw .invalid("The time zone \"\(zoneName)\" is unknown. Give an IANA or a Windows name.")
        }
        let calendar: ImportedCalendar
        do { calendar = try ICalendarReader.read(text, roomZone: zone.id) } catch { throw .invalid("\(error)") }

        let owner = MailboxPerson(name: place?.displayName ?? person?.displayName ?? address, address: address)
        var importer = CalendarImporter(owner: owner, zone: zone, html: settings.graph.textBodiesBecomeHTML, now: now())
        for imported in calendar.meetings where !imported.isCancelled {
            do { try importer.take(imported) } catch { throw .invalid(error.message) }
        }
        for entry in importer.entries {
            let uid = newUID()
            withMailbox(address) { mailbox in
                _ = mailbox.insert(at: importer.now) { importer.item(entry, number: $0, uid: uid) }
            }
        }
        let expanded = importer.expanded
        return [
            "meetings": .integer(Int64(calendar.meetings.count)),
            "series": .integer(Int64(importer.entries.count { $0.series != nil })),
            "events": .integer(Int64(importer.entries.count)), "expandedSeries": .integer(Int64(expanded)),
            "remarks": .array(
                (calendar.remarks + calendar.meetings.flatMap(\.remarks)).map(JSONDocument.string)),
        ]
    }
}

/// Turns meetings into what a mailbox holds.
private struct CalendarImporter {
    struct Entry {
        var content: MailboxContent
        var series: MailboxSeries?
        var organizer: MailboxPerson?
    }

    let owner: MailboxPerson
    let zone: ZonedTime.Zone
    let html: Bool
    let now: Instant
    private(set) var entries: [Entry] = []
    /// How many series became single events.
    private(set) var expanded = 0
    /// The zone of the meeting at hand, when its file gave it by rules alone.
    private var unnamed: ZoneID?

    /// For how long, from now or from its start, an endless series becomes single events.
    private static let years = 5
    private static let mostEvents = 2000

    init(owner: MailboxPerson, zone: ZonedTime.Zone, html: Bool, now: Instant) {
        self.owner = owner
        self.zone = zone
        self.html = html
        self.now = now
    }

    mutating func take(_ imported: ImportedMeeting) throws(GraphError) {
        let meeting = imported.meeting
        if case .timed(let timed) = meeting.time, imported.isInUnnamedZone {
            unnamed = timed.zone
        } else {
            unnamed = nil
        }
        guard let series = Series(meeting, roomZone: zone.id) else { return try add(meeting) }
        let content = try content(of: meeting)
        guard let recurrence = ExchangePattern.recurrence(of: meeting, starting: content.start),
            series.recurrence.additions.isEmpty
        else {
            expanded += 1
            return try addOccurrences(of: series)
        }
        var held = MailboxSeries(recurrence: recurrence)
        held.cancelled = Set(series.recurrence.cancelled.map(\.date))
        var entry = Entry(content: content, series: held, organizer: organizer(of: meeting))
        for (original, change) in series.recurrence.exceptions where !series.recurrence.cancelled.contains(original) {
            guard let regular = series.regularTime(of: original) else { continue }
            let own = try self.content(of: meeting.occurrence(at: regular, change))
            if change.time != nil, crosses(own, original.date, entry) {
                held.cancelled.insert(original.date)
                entries.append(Entry(content: own, organizer: entry.organizer))
            } else {
                held.exceptions[original.date] = MailboxException(
                    change: MailboxChange(
                        start: own.start, end: own.end, isAllDay: own.isAllDay, properties: own.properties),
                    modifiedAt: now)
            }
        }
        entry.series = held
        entries.append(entry)
    }

    func item(_ entry: Entry, number: UInt32, uid: String) -> MailboxItem {
        let isOwn = entry.organizer == nil || entry.organizer?.address.lowercased() == owner.address.lowercased()
        return MailboxItem(
            number: number, uid: uid, createdAt: now, modifiedAt: now, content: entry.content, series: entry.series,
            organizer: isOwn ? owner : entry.organizer ?? owner, isOrganizer: isOwn,
            response: MailboxResponse(kind: isOwn ? "organizer" : "accepted", at: isOwn ? nil : now))
    }

    private mutating func add(_ meeting: Meeting) throws(GraphError) {
        entries.append(Entry(content: try content(of: meeting), organizer: organizer(of: meeting)))
    }

    private mutating func addOccurrences(of series: Series) throws(GraphError) {
        let from = series.reach.start
        guard let date = Zones.date(of: max(now, from), in: zone.id),
            let end = Zones.startOfDay(Zones.date(date, addingDays: 366 * Self.years), in: zone.id)
        else { return }
        for occurrence in series.occurrences(in: TimeSpan(start: from, end: end)).prefix(Self.mostEvents) {
            try add(series.meeting.occurrence(at: occurrence.regularTime, occurrence.change))
        }
    }

    /// Whether an occurrence would be moved onto or past the day of a neighbour, which Exchange refuses.
    private func crosses(_ content: MailboxContent, _ date: CivilDate, _ entry: Entry) -> Bool {
        let around = item(entry, number: 0, uid: "").neighbours(of: date)
        func day(_ time: ZonedTime) -> CivilDate { time.shown(in: entry.series?.recurrence.zone ?? zone).wall.date }
        let own = day(content.start)
        return around.before.map { day($0.content.start) >= own } == true
            || around.after.map { day($0.content.start) <= own } == true
    }

    private func organizer(of meeting: Meeting) -> MailboxPerson? {
        guard let organizer = meeting.organizer, !organizer.address.isEmpty else { return nil }
        return MailboxPerson(name: organizer.name, address: organizer.address.lowercased())
    }

    private func content(of meeting: Meeting) throws(GraphError) -> MailboxContent {
        var body: [String: GraphJSON] = [
            "subject": .string(meeting.subject),
            "body": ["contentType": "text", "content": .string(meeting.body)],
            "location": ["displayName": .string(meeting.location)],
            "sensitivity": .string(meeting.sensitivity.rawValue),
            "showAs": .string(meeting.showAs == .outOfOffice ? "oof" : meeting.showAs.rawValue),
        ]
        body["attendees"] = .array(
            meeting.attendees.filter { !$0.person.address.isEmpty }.map { attendee in
                [
                    "type": .string(attendee.role.rawValue),
                    "emailAddress": [
                        "name": .string(attendee.person.name), "address": .string(attendee.person.address),
                    ],
                ]
            })
        let reading = try GraphEventReader(textBecomesHTML: html).read(body)
        let properties = GraphEventProperty.writable.mapValues(\.standard)
            .merging(reading.change.properties) { _, given in given }
        let (start, end) = times(of: meeting.time)
        return MailboxContent(start: start, end: end, isAllDay: meeting.time.isAllDay, properties: properties)
    }

    private func times(of time: MeetingTime) -> (ZonedTime, ZonedTime) {
        switch time {
        case .allDay(let days):
            func midnight(_ date: CivilDate) -> ZonedTime {
                ZonedTime(wall: WallTime(date: date, hour: 0, minute: 0), zone: zone)
            }
            return (midnight(days.first), midnight(days.end))
        case .timed(let timed):
            let name = Zones.windowsName(for: timed.zone) ?? timed.zone.name
            // What Exchange has the rules of and no name for.
            let own = timed.zone == unnamed ? .custom(timed.zone) : ZonedTime.Zone(name: name, id: timed.zone)
            return (
                ZonedTime(wall: timed.start, zone: own, instant: timed.span.start),
                ZonedTime(wall: timed.end, zone: own, instant: timed.span.end)
            )
        }
    }
}
