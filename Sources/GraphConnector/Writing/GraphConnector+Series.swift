import CalendarModel
import Foundation
import HTTPTransport
import ICalendar
import SyncEngine

/// Writing series: step by step from what stands there to what is wanted, reading in between.
extension GraphConnector {
    /// Where and how a series is written.
    struct SeriesPlace: Sendable {
        var id: EventID
        var mailbox: String
        /// Whose room it is, for the writer.
        var address: String
        var inviting: Bool
    }

    /// More than any series needs: each round either gets nearer or is the last.
    private static let mostRounds = 12

    /// Brings an event to what the parts of a meeting want, and returns it as it then stands.
    ///
    /// Only the first step is conditional on the version: the next ones change it themselves.
    func bring(
        _ place: SeriesPlace, to meeting: Meeting, parts: MeetingParts, ifVersion version: Version? = nil
    ) async throws(GraphFault) -> Event {
        let operation = "events.series"
        guard var current = try await whole(place.id, in: place.mailbox, operation) else {
            throw GraphFault(GraphDiagnosis.gone(operation, place.mailbox), status: 404)
        }
        if current.journal != nil, version != nil {
            // An interrupted write of ours: its version is not the one that the caller knows.
            current.event = try await finished(current, in: place)
            current.journal = nil
        }
        let wanted = current.event.meeting.wanted(meeting, parts: parts)
        if let version, version != current.event.version {
            let fields = parts.fields.subtracting([.organizer, .attendees])
            if wanted.differingParts(from: current.event.meeting, among: .init(fields, occurrences: parts.occurrences))
                .isEmpty
            {
                return current.event
            }
            throw GraphFault(GraphDiagnosis.changed(operation, place.mailbox), status: 412)
        }
        return try await steps(from: current, to: wanted, content: parts.fields, place, ifVersion: version)
    }

    private func steps(
        from start: ReadEvent, to wanted: Meeting, content: Set<MeetingField>, _ place: SeriesPlace,
        ifVersion version: Version? = nil
    ) async throws(GraphFault) -> Event {
        let operation = "events.series"
        let writer = writer(place.address)
        var current = start
        var content = content
        var version = version
        var written: Set<WallTime> = []
        for _ in 0..<Self.mostRounds {
            let steps: SeriesSteps
            do throws(InexpressibleSeries) {
                steps = try SeriesSteps(
                    from: current, to: wanted, content: content, written: written, by: writer,
                    inviting: place.inviting)
            } catch {
                throw GraphFault(.inexpressible(error, operation))
            }
            if steps.isEmpty {
                return current.journal == nil ? current.event : try await forgetJournal(of: current, place)
            }
            if !steps.master.isEmpty {
                _ = try await client.send(
                    GraphCall(
                        operation, .patch, GraphPath.event(place.id, in: place.mailbox), mailbox: place.mailbox,
                        ifMatch: version, body: GraphClient.encoded(steps.master)))
                (content, version) = ([], nil)
            }
            try await write(steps.occurrences, of: current, place)
            written.formUnion(steps.occurrences.map(\.original))
            guard let after = try await whole(place.id, in: place.mailbox, operation) else {
                throw GraphFault(GraphDiagnosis.gone(operation, place.mailbox), status: 404)
            }
            current = after
        }
        throw GraphFault(
            ConnectorError(.rejected, operation: operation, diagnosis: GraphDiagnosis.seriesNotAsWanted))
    }

    /// Finishes what an interrupted write of ours began. What Exchange refuses of it is given up: the event stands as
    /// it is.
    func finished(_ item: ReadEvent, in mailbox: String) async throws(GraphFault) -> Event {
        let isOrganizers = mailbox.lowercased() == configuration.serviceAccount?.lowercased()
        return try await finished(
            item, in: SeriesPlace(id: item.event.id, mailbox: mailbox, address: mailbox, inviting: isOrganizers))
    }

    private func finished(_ item: ReadEvent, in place: SeriesPlace) async throws(GraphFault) -> Event {
        guard let journal = item.journal else { return item.event }
        var wanted = item.event.meeting
        wanted.time = journal.time
        wanted.recurrence = journal.recurrence
        do throws(GraphFault) {
            return try await steps(from: item, to: wanted, content: [], place)
        } catch {
            guard error.kind == .rejected else { throw error }
            guard let present = try await whole(place.id, in: place.mailbox, "events.series") else { return item.event }
            return try await forgetJournal(of: present, place)
        }
    }

    private func forgetJournal(of item: ReadEvent, _ place: SeriesPlace) async throws(GraphFault) -> Event {
        let operation = "events.series"
        let answer = try await client.send(
            GraphCall(
                operation, .patch, GraphPath.event(place.id, in: place.mailbox), mailbox: place.mailbox,
                body: GraphClient.encoded(OutgoingEvent(singleValueExtendedProperties: [SeriesJournal.done]))))
        let master = try read(
            try GraphClient.decoded(GraphEvent.self, answer.reply.body, operation), in: place.mailbox, operation)
        var event = item.event
        (event.version, event.modifiedAt) = (master.version, master.modifiedAt)
        return event
    }

    // MARK: Occurrences

    /// One after the other: they all live in the one item that the series is. What crosses its neighbours now may fit
    /// when these have moved.
    private func write(
        _ steps: [SeriesSteps.OccurrenceStep], of series: ReadEvent, _ place: SeriesPlace
    ) async throws(GraphFault) {
        let operation = "events.occurrence"
        let ids = try await occurrenceIDs(steps.map { ($0.original, $0.now) }, of: series, in: place.mailbox)
        var left = steps.filter { ids[$0.original] != nil }
        var crossing: GraphFault?
        var progress = false
        while !left.isEmpty {
            let some = Array(left.prefix(GraphClient.batchLimit))
            let requests = some.enumerated().map { index, step in
                BatchRequest(
                    String(index), step.change == nil ? .delete : .patch,
                    GraphPath.event(ids[step.original] ?? place.id, in: place.mailbox),
                    body: step.change.flatMap { JSONValue(encoding: $0) }, after: index == 0 ? nil : String(index - 1))
            }
            let outcome = try await client.sendBatch(requests, operation: operation, mailbox: place.mailbox)
            let failed = some.indices.lazy.compactMap { index in
                client.fault(of: String(index), in: outcome, operation: operation, mailbox: place.mailbox)
                    .map { (index, $0) }
            }.first
            // Behind a failed one nothing was done.
            left.removeFirst(failed.map { $0.0 + 1 } ?? some.count)
            guard let (index, fault) = failed else {
                progress = true
                continue
            }
            progress = progress || index > 0
            if fault.error.diagnosis.code == GraphDiagnosis.crossingCode {
                crossing = fault
            } else if fault.kind != .notFound {
                throw fault
            }
        }
        if let crossing, !progress { throw crossing }
    }

    /// The ids of occurrences by their original starts. One that differs from its series is known; the others are
    /// looked up where they are.
    func occurrenceIDs(
        _ occurrences: [(original: WallTime, span: TimeSpan)], of series: ReadEvent, in mailbox: String
    ) async throws(GraphFault) -> [WallTime: EventID] {
        var ids = series.exceptions
        let unknown = occurrences.filter { ids[$0.original] == nil }
        let pages = try await client.getAll(
            GraphPage<GraphEvent>.self,
            unknown.map {
                "\(GraphPath.event(series.event.id, in: mailbox))/instances?\(Self.instancesQuery($0.span))"
            },
            operation: "events.instances", mailbox: mailbox)
        for (occurrence, page) in zip(unknown, pages) {
            // An occurrence that nobody moved begins where the rule puts it.
            let match = page?.items.first { item in
                guard let start = item.start else { return false }
                if item.isAllDay == true { return start.dateTime.hasPrefix(occurrence.original.date.description) }
                return (try? reader(of: mailbox).events.instant(start)) == occurrence.span.start
            }
            ids[occurrence.original] = match.map { EventID($0.id) }
        }
        return ids
    }

    private static func instancesQuery(_ span: TimeSpan) -> String {
        let end = span.isEmpty ? span.start.advanced(by: .seconds(1)) : span.end
        return RoomReader.windowQuery(TimeSpan(start: span.start, end: end), more: [("$top", "10")])
    }

    /// The id of one occurrence; nil when the series has none there (any more).
    func occurrenceID(
        _ original: WallTime, of id: EventID, in mailbox: String, _ operation: String
    ) async throws(GraphFault) -> EventID? {
        guard let read = try await whole(id, in: mailbox, operation),
            let series = Series(read.event.meeting, roomZone: zoneOfRoom(mailbox)),
            let occurrence = series.occurrence(original)
        else { return nil }
        return try await occurrenceIDs([(original, occurrence.span)], of: read, in: mailbox)[original]
    }
}
