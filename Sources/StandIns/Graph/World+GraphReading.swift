import CalendarModel
import CalendarTime

/// One line of a list of events.
struct GraphRow: Sendable {
    var item: MailboxItem
    var occurrence: MailboxOccurrence?

    var content: MailboxContent { occurrence?.content ?? item.content }
}

extension World {
    /// `GET …/events`: single events and series masters.
    func graphEventList(_ request: GraphRequest, _ access: MailboxAccess) throws(GraphError) -> GraphReply {
        let rows = graphMailbox(access.address).ordered.reversed().map { GraphRow(item: $0, occurrence: nil) }
        return try page(of: rows, request, access, context: "calendar/events")
    }

    /// `GET …/calendarView`: single events and occurrences that overlap the window.
    func graphCalendarView(_ request: GraphRequest, _ access: MailboxAccess) throws(GraphError) -> GraphReply {
        let window = try Self.window(of: request.query)
        return try page(
            of: Self.rows(of: graphMailbox(access.address), in: window), request, access, context: "calendarView")
    }

    /// `GET …/events/{master}/instances`
    func graphInstances(_ request: GraphRequest, _ access: MailboxAccess, _ id: String) throws(GraphError) -> GraphReply
    {
        let window = try Self.window(of: request.query)
        let found = try item(id, access)
        guard found.occurrence == nil, found.item.series != nil else {
            throw .invalidRequest("The event is not a series master: it has no instances.")
        }
        let rows = found.item.occurrences(in: window).map { GraphRow(item: found.item, occurrence: $0) }
        return try page(of: rows, request, access, context: "events('\(id)')/instances")
    }

    /// `GET …/events/{id}`
    func graphGetEvent(_ request: GraphRequest, _ access: MailboxAccess, _ id: String) throws(GraphError) -> GraphReply
    {
        let shape = try GraphShape(request.query)
        let row = try item(id, access)
        return .ok(try entity(row, request, access, shape))
    }

    /// One event with its context, as GET, POST and PATCH answer it.
    func entity(
        _ row: GraphRow, _ request: GraphRequest, _ access: MailboxAccess, _ shape: GraphShape
    ) throws(GraphError) -> GraphJSON {
        let writer = try GraphEventWriter(mailbox: graphMailbox(access.address), preferences: request.preferences)
        guard case .object(var body) = Self.shown(row, writer, shape) else { return .null }
        body["@odata.context"] = .string("\(request.base)/$metadata#\(access.contextName)/calendar/events/$entity")
        return .object(body)
    }

    /// The item, or the occurrence of it, that an id in a path means.
    func item(_ id: String, _ access: MailboxAccess) throws(GraphError) -> GraphRow {
        guard let identifier = GraphIdentifier(id) else { throw .malformedID }
        let mailbox = graphMailbox(access.address)
        guard identifier.mailbox == mailbox.tag, let item = mailbox.items[identifier.item],
            identifier.moves == nil || identifier.moves == item.moves
        else { throw .itemNotFound }
        // Listed all the same, as in the service.
        guard access.seesPrivateItems || item.content.text("sensitivity") != "private" else { throw .itemNotFound }
        guard let date = identifier.occurrence else { return GraphRow(item: item, occurrence: nil) }
        guard let occurrence = item.occurrence(on: date) else { throw .itemNotFound }
        return GraphRow(item: item, occurrence: occurrence)
    }

    static func window(of query: GraphQuery) throws(GraphError) -> TimeSpan {
        guard let from = query["startDateTime"], let to = query["endDateTime"] else { throw .missingWindow }
        let window = TimeSpan(start: try GraphEventReader.instant(from), end: try GraphEventReader.instant(to))
        guard window.start <= window.end else {
            throw GraphError(
                status: 400, code: "ErrorInvalidParameter",
                message: "The 'EndDateTime' parameter must be after the 'StartDateTime' parameter.")
        }
        guard window.duration <= .seconds(1825 * 86_400) else { throw .windowTooBig }
        return window
    }

    /// What a calendar shows within a window, by start.
    static func rows(of mailbox: Mailbox, in window: TimeSpan) -> [GraphRow] {
        mailbox.ordered.flatMap { item in
            guard item.series == nil else {
                return item.occurrences(in: window).map { GraphRow(item: item, occurrence: $0) }
            }
            return item.content.overlaps(window) ? [GraphRow(item: item, occurrence: nil)] : []
        }
        .map { (key: ($0.content.start.instant, $0.item.number), row: $0) }
        .sorted { $0.key < $1.key }
        .map(\.row)
    }

    /// An event with what `$select` and `$expand` ask for.
    static func shown(_ row: GraphRow, _ writer: GraphEventWriter, _ shape: GraphShape) -> GraphJSON {
        var event = row.occurrence.map { writer.event(row.item, $0) } ?? writer.event(row.item)
        if shape.wants("cancelledOccurrences"), row.occurrence == nil {
            event["cancelledOccurrences"] = writer.cancelledOccurrences(row.item)
        }
        for expansion in shape.expansions {
            switch expansion.name {
            case "singleValueExtendedProperties":
                let found =
                    writer.extendedProperties(extendedProperties(of: row)).array?
                    .filter { expansion.filter?.matches($0, variable: "") ?? true } ?? []
                // Graph leaves the member out when nothing matches.
                if !found.isEmpty { event[expansion.name] = .array(found) }
            case "exceptionOccurrences" where row.occurrence == nil:
                let exceptions = row.item.series?.exceptions.keys.sorted() ?? []
                event[expansion.name] = .array(
                    exceptions.compactMap { row.item.occurrence(on: $0) }.map { occurrence in
                        let exception = writer.event(row.item, occurrence)
                        return expansion.select.map { GraphShape.reduced(exception, to: $0) } ?? .object(exception)
                    })
            case "calendar": continue
            default: event[expansion.name] = []
            }
        }
        return shape.reduced(event)
    }

    static func extendedProperties(of row: GraphRow) -> [String: String] {
        row.item.extendedProperties.merging(row.occurrence?.exception?.extendedProperties ?? [:]) { _, own in own }
    }

    /// Filters, sorts and cuts a list, with a next link when more is left.
    private func page(
        of rows: [GraphRow], _ request: GraphRequest, _ access: MailboxAccess, context: String
    ) throws(GraphError) -> GraphReply {
        let shape = try GraphShape(request.query)
        let mailbox = graphMailbox(access.address)
        let writer = try GraphEventWriter(mailbox: mailbox, preferences: request.preferences)
        var found = rows
        if let text = request.query["$filter"] {
            let filter = try GraphFilter(text)
            for path in filter.paths { try Self.checkPath(path) }
            let plain = GraphEventWriter(mailbox: mailbox.tag)
            found = found.filter { filter.matches(Self.filterable($0, plain)) }
        }
        if let order = request.query["$orderby"] {
            found = try Self.sorted(found, by: order, GraphEventWriter(mailbox: mailbox.tag))
        }
        let top = try request.query.number("$top", maximum: 1000)
        let skip = try request.query.number("$skip", maximum: .max) ?? 0
        let size = max(1, top ?? request.preferences.maxPageSize ?? 10)
        let left = found.dropFirst(skip)
        var body: [String: GraphJSON] = [
            "@odata.context": .string("\(request.base)/$metadata#\(access.contextName)/\(context)"),
            "value": .array(left.prefix(size).map { Self.shown($0, writer, shape) }),
        ]
        if request.query["$count"]?.lowercased() == "true" { body["@odata.count"] = .int(found.count) }
        if left.count > size {
            var changes = [(name: "$skip", value: String(skip + size))]
            if let top { changes.append((name: "$top", value: String(top))) }
            body["@odata.nextLink"] = .string("\(request.base)\(request.path)?\(request.query.replacing(changes))")
        }
        return .ok(.object(body))
    }

    private static func checkPath(_ path: [String]) throws(GraphError) {
        guard let name = path.first else { return }
        let known = GraphEventProperty.readOnly.union(GraphEventProperty.special).union(
            GraphEventProperty.writable.keys)
        guard known.contains(where: { $0.lowercased() == name.lowercased() }) else {
            throw .unreadableQuery("Could not find a property named '\(name)' on type 'microsoft.graph.event'.")
        }
    }

    private static func filterable(_ row: GraphRow, _ writer: GraphEventWriter) -> GraphJSON {
        var event = row.occurrence.map { writer.event(row.item, $0) } ?? writer.event(row.item)
        event["singleValueExtendedProperties"] = writer.extendedProperties(extendedProperties(of: row))
        return .object(event)
    }

    private static func sorted(
        _ rows: [GraphRow], by order: String, _ writer: GraphEventWriter
    ) throws(GraphError) -> [GraphRow] {
        var keys: [(path: [String], descending: Bool)] = []
        for part in order.split(separator: ",") {
            let words = part.split(separator: " ").map(String.init)
            guard let first = words.first else { continue }
            let path = first.split(separator: "/").map(String.init)
            try checkPath(path)
            keys.append((path, words.dropFirst().first?.lowercased() == "desc"))
        }
        let decorated = rows.map { row in
            let event = filterable(row, writer)
            let values = keys.map { key in
                var value: GraphJSON? = event
                for step in key.path { value = value?.member(step) }
                return value?.string ?? value?.encoded ?? ""
            }
            return (values: values, row: row)
        }
        return decorated.sorted { left, right in
            for (index, key) in keys.enumerated() where left.values[index] != right.values[index] {
                return (left.values[index] < right.values[index]) != key.descending
            }
            return left.row.item.number < right.row.item.number
        }
        .map(\.row)
    }
}
