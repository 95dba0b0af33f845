import CalendarModel
import CalendarTime

extension World {
    private struct DeltaEntry {
        var position: GraphDeltaToken.Position
        var json: GraphJSON
    }

    /// `GET …/calendarView/delta`
    func graphDelta(_ request: GraphRequest, _ access: MailboxAccess) throws(GraphError) -> GraphReply {
        let refused = ["$select", "$expand", "$filter", "$orderby", "$search"].filter { request.query[$0] != nil }
        guard refused.isEmpty else {
            throw GraphError(
                status: 400, code: "ErrorInvalidUrlQuery",
                message: "The following parameters are not supported with change tracking over the 'CalendarView' "
                    + "resource: '\(refused.joined(separator: ", "))'.")
        }
        let token = try deltaToken(request, access)
        let mailbox = graphMailbox(access.address)
        let writer = try GraphEventWriter(mailbox: mailbox, preferences: request.preferences)
        let entries = deltaEntries(of: mailbox, token, writer)
            .filter { entry in token.after.map { entry.position > $0 } ?? true }
            .sorted { $0.position < $1.position }
        let size = request.preferences.maxPageSize ?? token.pageSize
        let page = entries.prefix(size)
        var values = page.map(\.json)
        if settings.deltaDuplicates, values.count < size,
            let again = page.first(where: { ($0.position.sequence + $0.position.index) % 5 == 0 })
        {
            values.append(again.json)
        }
        var body: [String: GraphJSON] = [
            "@odata.context": .string("\(request.base)/$metadata#Collection(event)"), "value": .array(values),
        ]
        var next = token
        let link = "\(request.base)\(request.path)"
        if entries.count > size, let last = page.last {
            next.after = last.position
            body["@odata.nextLink"] = .string("\(link)?$skiptoken=\(next.text)")
        } else {
            next.after = nil
            next.since = token.roundStart
            next.roundStart = 0
            body["@odata.deltaLink"] = .string("\(link)?$deltatoken=\(next.text)")
        }
        return .ok(.object(body))
    }

    /// The token of a link, or the one that a first request stands for.
    private func deltaToken(_ request: GraphRequest, _ access: MailboxAccess) throws(GraphError) -> GraphDeltaToken {
        let mailbox = graphMailbox(access.address)
        let skip = request.query["$skiptoken"]
        guard let text = skip ?? request.query["$deltatoken"].flatMap({ $0.isEmpty ? nil : $0 }) else {
            let window = try Self.window(of: request.query)
            let size = try request.query.number("$top", maximum: 1000) ?? 10
            return GraphDeltaToken(
                mailbox: access.address, from: window.start.microseconds, to: window.end.microseconds, since: 0,
                epoch: mailbox.deltaEpoch, roundStart: mailbox.sequence, pageSize: max(1, size))
        }
        if skip != nil, !access.mayPageDelta { throw .accessDenied }
        guard var token = GraphDeltaToken.read(text), token.mailbox == access.address else {
            throw GraphError(
                status: 400, code: "syncStateInvalid", message: "The sync state is invalid for this calendar.")
        }
        if token.epoch != mailbox.deltaEpoch { throw expired(token, mailbox, request) }
        if skip == nil { token.roundStart = mailbox.sequence }
        return token
    }

    private func expired(_ token: GraphDeltaToken, _ mailbox: Mailbox, _ request: GraphRequest) -> GraphError {
        switch mailbox.deltaExpiry {
        case .syncStateNotFound:
            return GraphError(
                status: 400, code: "syncStateNotFound",
                message: "The sync state generation is not found; continue with a full synchronization.")
        case .gone:
            let window =
                "startDateTime=\(Timestamps.rfc3339(token.window.start))"
                + "&endDateTime=\(Timestamps.rfc3339(token.window.end))"
            return GraphError(
                status: 410, code: "resyncRequired",
                message: "Resync required. Replace any local items with the server's version.",
                headers: [
                    GraphHeader(name: "Location", value: "\(request.base)\(request.path)?\(window)&$deltatoken=")
                ])
        }
    }

    private func deltaEntries(
        of mailbox: Mailbox, _ token: GraphDeltaToken, _ writer: GraphEventWriter
    ) -> [DeltaEntry] {
        let isFirst = token.since == 0
        var entries: [DeltaEntry] = []
        for item in mailbox.items.values where item.change > token.since {
            // Exceptions moved out of the window come first as removed, then what is in it.
            for (index, json) in Self.deltaItems(item, token.window, writer, isFirst: isFirst).enumerated() {
                entries.append(
                    DeltaEntry(
                        position: .init(sequence: item.change, index: Int(item.number) * 100_000 + index), json: json))
            }
        }
        guard !isFirst else { return entries }
        for (index, tombstone) in mailbox.tombstones.enumerated() where tombstone.sequence > token.since {
            guard isStillGone(tombstone, mailbox, token.window) else { continue }
            var id = tombstone.id
            if writer.immutableIDs { id.moves = nil }
            entries.append(
                DeltaEntry(
                    position: .init(sequence: tombstone.sequence, index: -1_000_000 + index),
                    json: Self.removed(id.text)))
        }
        return entries
    }

    private static func deltaItems(
        _ item: MailboxItem, _ window: TimeSpan, _ writer: GraphEventWriter, isFirst: Bool
    ) -> [GraphJSON] {
        func full(_ event: [String: GraphJSON]) -> GraphJSON {
            .object(event.merging(["@odata.type": "#microsoft.graph.event"]) { _, new in new })
        }
        // Whatever changed outside the window is told as removed, once a first round is over.
        func outside(_ id: String) -> [GraphJSON] { isFirst ? [] : [removed(id)] }

        guard let series = item.series else {
            return item.content.overlaps(window) ? [full(writer.event(item))] : outside(writer.id(item))
        }
        let occurrences = item.occurrences(in: window)
        let within = Set(occurrences.map(\.date))
        var result = series.exceptions.keys.sorted().filter { !within.contains($0) }.flatMap {
            outside(writer.id(item, $0))
        }
        guard !occurrences.isEmpty else { return result + outside(writer.id(item)) }
        result.append(full(writer.event(item)))
        result += occurrences.map { occurrence in
            occurrence.exception == nil
                ? .object(writer.skeleton(item, occurrence)) : full(writer.event(item, occurrence))
        }
        return result
    }

    private func isStillGone(_ tombstone: Mailbox.Tombstone, _ mailbox: Mailbox, _ window: TimeSpan) -> Bool {
        let item = mailbox.items[tombstone.id.item]
        guard let date = tombstone.id.occurrence else { return item == nil }
        if item?.occurrence(on: date) != nil { return false }
        if item != nil, settings.graph.deltaHidesRemovedOccurrences { return false }
        guard let first = Zones.date(of: window.start, in: .utc), let last = Zones.date(of: window.end, in: .utc) else {
            return true
        }
        return Zones.date(first, addingDays: -1) <= date && date <= Zones.date(last, addingDays: 1)
    }

    private static func removed(_ id: String) -> GraphJSON {
        ["@odata.type": "#microsoft.graph.event", "id": .string(id), "@removed": ["reason": "deleted"]]
    }
}
