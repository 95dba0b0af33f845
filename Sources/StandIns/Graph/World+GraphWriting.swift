import CalendarModel
import CalendarTime

extension World {
    /// `POST …/events`
    func graphCreateEvent(_ request: GraphRequest, _ access: MailboxAccess) throws(GraphError) -> GraphReply {
        let reading = try eventReader.read(try request.object())
        guard let start = reading.change.start, let end = reading.change.end else {
            throw .invalidProperty("start, end", "An event needs a start and an end.")
        }
        let mailbox = graphMailbox(access.address)
        if let transaction = reading.transactionID, let existing = mailbox.item(transaction: transaction) {
            if settings.graph.duplicateTransactionConflicts {
                throw GraphError(
                    status: 409, code: "ErrorDuplicateTransactionId",
                    message: "Your request can't be completed. An event with the same transaction id exists.")
            }
            return .created(
                try entity(GraphRow(item: existing, occurrence: nil), request, access, try GraphShape(request.query)))
        }
        var properties = GraphEventProperty.writable.mapValues(\.standard)
        properties.merge(reading.change.properties) { _, given in given }
        let content = MailboxContent(
            start: start, end: end, isAllDay: reading.change.isAllDay ?? false, properties: properties)
        try Self.check(content)
        var series: MailboxSeries?
        if case .some(.some(let recurrence)) = reading.recurrence {
            series = MailboxSeries(recurrence: try GraphRecurrenceReader.read(recurrence, start: start))
        }
        let shape = try GraphShape(request.query)
        _ = try request.preferences.zone()

        let instant = now()
        let uid = newUID()
        let organizer = MailboxPerson(name: access.displayName, address: access.address)
        let item = withMailbox(access.address) { mailbox in
            mailbox.insert(at: instant) { number in
                var item = MailboxItem(
                    number: number, uid: uid, createdAt: instant, modifiedAt: instant, content: content, series: series,
                    organizer: organizer, isOrganizer: true, response: MailboxResponse(kind: "organizer"))
                item.transactionID = reading.transactionID
                item.extendedProperties = reading.extendedProperties.compactMapValues { $0 }
                return item
            }
        }
        scheduleSecondChangeKey(access.address, item.number, at: instant)
        sendToAttendees(of: item, tenantID: access.tenantID, before: [], timesChanged: true)
        return .created(try entity(GraphRow(item: item, occurrence: nil), request, access, shape))
    }

    /// `PATCH …/events/{id}`
    func graphUpdateEvent(_ request: GraphRequest, _ access: MailboxAccess, _ id: String) throws(GraphError)
        -> GraphReply
    {
        let row = try item(id, access)
        try checkMatch(request, row, access)
        let reading = try eventReader.read(try request.object())
        let shape = try GraphShape(request.query)
        _ = try request.preferences.zone()
        if let occurrence = row.occurrence {
            try updateOccurrence(row.item, occurrence, reading, access)
        } else {
            try updateItem(row.item, reading, access)
        }
        return .ok(try entity(try item(id, access), request, access, shape))
    }

    /// `DELETE …/events/{id}`: the organizer's deletion cancels the meeting for the others.
    func graphDeleteEvent(_ request: GraphRequest, _ access: MailboxAccess, _ id: String) throws(GraphError)
        -> GraphReply
    {
        let row = try item(id, access)
        try checkMatch(request, row, access)
        removeRow(row, access)
        return .noContent
    }

    /// Takes an event or one occurrence out of a calendar, and out of the attendees' calendars if it was the
    /// organizer's.
    func removeRow(_ row: GraphRow, _ access: MailboxAccess) {
        let instant = now()
        if let occurrence = row.occurrence {
            withMailbox(access.address) { mailbox in
                mailbox.change(row.item.number, at: instant) { item in
                    item.takeOut(occurrence.date)
                }
            }
            if row.item.isOrganizer, let item = graphMailbox(access.address).items[row.item.number] {
                sendToAttendees(
                    of: item, tenantID: access.tenantID, before: Self.addresses(of: item.content), timesChanged: false)
            }
        } else {
            withMailbox(access.address) { $0.remove(row.item.number) }
            if row.item.isOrganizer {
                cancelCopies(of: row.item, tenantID: access.tenantID, at: Self.addresses(of: row.item.content))
            }
        }
    }

    var eventReader: GraphEventReader { GraphEventReader(textBecomesHTML: settings.graph.textBodiesBecomeHTML) }

    private func updateItem(
        _ item: MailboxItem, _ reading: GraphEventReader.Reading, _ access: MailboxAccess
    ) throws(GraphError) {
        let content = item.content.applying(reading.change)
        try Self.check(content)
        var series = item.series
        let timesChanged =
            content.start != item.content.start || content.end != item.content.end
            || content.isAllDay != item.content.isAllDay
        switch reading.recurrence {
        case .some(.some(let recurrence)):
            let read = try GraphRecurrenceReader.read(recurrence, start: content.start)
            // A changed rule makes the series anew: exceptions and deletions are lost.
            if read != series?.recurrence || timesChanged { series = MailboxSeries(recurrence: read) }
        case .some(.none): series = nil
        case nil:
            if timesChanged, let old = series {
                var recurrence = old.recurrence
                recurrence.range["startDate"] = .string(content.start.wall.date.description)
                series = MailboxSeries(recurrence: recurrence)
            }
        }
        let instant = now()
        let seriesChanged = series?.recurrence != item.series?.recurrence
        withMailbox(access.address) { mailbox in
            mailbox.change(item.number, at: instant) { item in
                item.content = content
                item.series = series
                Self.merge(reading.extendedProperties, into: &item.extendedProperties)
            }
        }
        scheduleSecondChangeKey(access.address, item.number, at: instant)
        // An attendee's change to its own copy stays there, until the organizer's next update.
        guard item.isOrganizer, let changed = graphMailbox(access.address).items[item.number] else { return }
        guard !reading.change.isEmpty || reading.recurrence != nil else { return }
        sendToAttendees(
            of: changed, tenantID: access.tenantID, before: Self.addresses(of: item.content),
            timesChanged: timesChanged || seriesChanged)
    }

    private func updateOccurrence(
        _ item: MailboxItem, _ occurrence: MailboxOccurrence, _ reading: GraphEventReader.Reading,
        _ access: MailboxAccess
    ) throws(GraphError) {
        if case .some(.some) = reading.recurrence {
            throw .invalidProperty("recurrence", "The recurrence of an occurrence cannot be set.")
        }
        let content = occurrence.content.applying(reading.change)
        try Self.check(content)
        if reading.change.movesTime { try Self.checkNeighbours(item, occurrence, content) }
        let instant = now()
        withMailbox(access.address) { mailbox in
            let key = mailbox.sequence + 1
            mailbox.change(item.number, at: instant) { item in
                var exception = occurrence.exception ?? MailboxException(modifiedAt: instant)
                exception.change = exception.change.followed(by: reading.change)
                exception.changeKey = key
                exception.modifiedAt = instant
                Self.merge(reading.extendedProperties, into: &exception.extendedProperties)
                item.series?.exceptions[occurrence.date] = exception
            }
        }
        guard item.isOrganizer, let changed = graphMailbox(access.address).items[item.number] else { return }
        sendToAttendees(
            of: changed, tenantID: access.tenantID, before: Self.addresses(of: item.content), timesChanged: false,
            movedOccurrence: reading.change.movesTime ? occurrence.date : nil)
    }

    /// An occurrence may not be moved onto or past the day of its neighbours.
    private static func checkNeighbours(
        _ item: MailboxItem, _ occurrence: MailboxOccurrence, _ content: MailboxContent
    ) throws(GraphError) {
        let around = item.neighbours(of: occurrence.date)
        let zone = item.series?.recurrence.zone ?? .utc
        func day(_ time: ZonedTime) -> CivilDate { content.isAllDay ? time.wall.date : time.shown(in: zone).wall.date }
        if let before = around.before, day(content.start) <= day(before.content.start) { throw .crossingBoundary }
        if let after = around.after, day(content.start) >= day(after.content.start) { throw .crossingBoundary }
        for neighbour in [around.before, around.after].compactMap({ $0 })
        where content.span.overlaps(neighbour.content.span) { throw .crossingBoundary }
    }

    private func checkMatch(_ request: GraphRequest, _ row: GraphRow, _ access: MailboxAccess) throws(GraphError) {
        guard let header = request.headers["if-match"], header.trimmed != "*" else { return }
        let current = GraphEventWriter(mailbox: graphMailbox(access.address).tag).etag(row.item, row.occurrence)
        guard header.split(separator: ",").contains(where: { String($0).trimmed == current }) else { throw .conflict }
    }

    private static func check(_ content: MailboxContent) throws(GraphError) {
        guard content.start.instant <= content.end.instant else {
            throw .invalidProperty("end", "The end must not be before the start.")
        }
        guard content.isAllDay else { return }
        guard content.start.wall.isMidnight, content.end.wall.isMidnight, content.start.zone.id == content.end.zone.id,
            content.start.wall < content.end.wall
        else {
            throw .invalidProperty(
                "isAllDay", "The start and end of an all-day event must be midnight in one zone, a day apart or more.")
        }
    }

    private static func merge(_ given: [String: String?], into properties: inout [String: String]) {
        for (id, value) in given { properties[id] = value }
    }

    /// A new global object id, in hexadecimal.
    func newUID() -> String {
        func hex(_ number: UInt64) -> String {
            let digits = String(number, radix: 16, uppercase: true)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        let made = hex(UInt64(bitPattern: now().microseconds))
        let first = graphRandom()
        let second = graphRandom()
        return "040000008200E00074C5B7101A82E00800000000" + made + "0000000000000000" + "10000000" + hex(first)
            + hex(second)
    }
}
