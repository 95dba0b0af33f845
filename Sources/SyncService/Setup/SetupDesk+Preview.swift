import CalendarModel
import LoopBooking
import SQLStore
import SyncEngine

// What would happen, before it does; and then letting it happen.
extension SetupDesk {
    /// One room of a set-up on its way to a link.
    package struct RoomState: Sendable {
        package var room: Room
        package var resource: SetupResource?
        package var address: String
        package var policy: LinkPolicy
        package var counts: PreviewCounts?
        package var isWaiting: Bool
        package var decisions: [String: String]
    }

    /// Asks for the previews of all rooms that are mapped and not linked; ``SetupWorker`` works them out.
    package func wantPreviews(_ id: ConnectionID, rooms: Set<RoomID>? = nil) async throws {
        let setup = try await setup(id)
        guard setup.hasConnection else { throw SetupError.stepMissing(.account) }
        let rows = try await mapping(of: id).rows.values.filter { rooms?.contains($0.room) ?? true }
        if rows.isEmpty { throw SetupError.stepMissing(.mapping) }
        try await store.wantPreviews(rows.map { ($0.room, $0.resource) }, of: id, now: now())
    }

    /// The rooms that are mapped and not linked, by name.
    package func rooms(of id: ConnectionID) async throws -> [RoomState] {
        _ = try await existing(id)
        let linked = Set(try await store.linkNames(of: organization).map(\.room))
        let previews = Dictionary(
            try await store.setupPreviews(of: id).map { ($0.room, $0) }, uniquingKeysWith: { $1 })
        let rows = try await store.setupMapping(of: id).filter { !linked.contains($0.room) }
        let resources = try await store.setupResources(of: id, at: rows.map { $0.resource.lowercased() })
        let rooms = try await desk.rooms(rows.map(\.room))
        return try rows.compactMap { row in rooms[row.room].map { (row, $0) } }.sorted {
            $0.1.name.lowercased() < $1.1.name.lowercased()
        }.map { row, room in
            let preview = previews[room.id]
            return RoomState(
                room: room, resource: resources[row.resource.lowercased()], address: row.resource, policy: row.policy,
                counts: try preview.flatMap { preview in
                    try preview.madeAt.map { _ in
                        try StoredJSON.value(PreviewCounts.self, from: preview.counts, column: "counts")
                    }
                },
                isWaiting: preview?.wantedAt != nil,
                decisions: try preview.map(Self.decisions) ?? [:])
        }
    }

    private static func decisions(_ record: SetupPreviewRecord) throws -> [String: String] {
        try StoredJSON.value([String: String].self, from: record.decisions, column: "decisions")
    }

    /// One room's preview with what was decided; nil while there is none.
    package func preview(
        of room: RoomID, in id: ConnectionID
    ) async throws -> (preview: RoomPreview, decisions: [String: String], madeAt: Instant?)? {
        _ = try await existing(id)
        guard let record = try await store.setupPreview(of: room, in: id), record.madeAt != nil else { return nil }
        return (
            try StoredJSON.value(RoomPreview.self, from: record.content, column: "content"),
            try Self.decisions(record), record.madeAt
        )
    }

    /// Keeps decisions about items: the choice's word by the item's id; an empty word takes a decision back.
    /// - Throws: ``SetupError/fields(_:)`` naming items that cannot be decided so.
    package func decide(_ words: [String: String], for room: RoomID, in id: ConnectionID) async throws {
        guard let (preview, decisions, _) = try await preview(of: room, in: id) else {
            throw SetupError.stepMissing(.preview)
        }
        var result = decisions
        var wrong: [String: SetupError.Complaint] = [:]
        for (item, word) in words {
            guard let found = preview.items.first(where: { $0.id == item }) else {
                wrong[item] = .unknown
                continue
            }
            if word.isEmpty {
                result[item] = nil
            } else if found.choice(word) != nil {
                result[item] = word
            } else {
                wrong[item] = .otherWay
            }
        }
        guard wrong.isEmpty else { throw SetupError.fields(wrong) }
        try await store.keepDecisions(try StoredJSON.text(result), of: room, in: id, now: now())
    }

    // MARK: Switching on

    /// What became of one room.
    package struct Switched: Hashable, Sendable {
        package var room: RoomID
        package var name: String
        package var link: LinkID?
        package var failure: Diagnosis?
    }

    /// Links the rooms and starts them: first what was decided in LoopBooking, then the link with the rulings about its
    /// clashes, then its first pass. One room's failure stops no other.
    package func switchOn(
        _ id: ConnectionID, rooms chosen: Set<RoomID>? = nil, by author: ChangeAuthor
    ) async throws -> [Switched] {
        let setup = try await setup(id)
        guard setup.hasConnection else { throw SetupError.stepMissing(.account) }
        let connector = try await connectors.connector(for: id)
        let states = try await rooms(of: id).filter { chosen?.contains($0.room.id) ?? true }
        if states.isEmpty { throw SetupError.stepMissing(.mapping) }
        guard states.allSatisfy({ $0.counts != nil && !$0.isWaiting }) else {
            throw SetupError.stepMissing(.preview)
        }
        var result: [Switched] = []
        for state in states {
            var outcome = Switched(room: state.room.id, name: state.room.name)
            do {
                outcome.link = try await switchOn(state, connection: id, connector: connector, by: author)
            } catch let error as SetupError {
                if case .refused(let diagnosis) = error { outcome.failure = diagnosis } else { throw error }
            }
            result.append(outcome)
        }
        return result
    }

    private func switchOn(
        _ state: RoomState, connection id: ConnectionID, connector: any CalendarConnector, by author: ChangeAuthor
    ) async throws -> LinkID {
        let found = try await answering { try await connector.resource(at: state.address) }
        guard connector.capabilities.writingModes.contains(state.policy.writing) else {
            throw SetupError.refused(.cannotInvite)
        }
        let link = Link(
            id: LinkID(newID()), organization: organization, connection: id, room: state.room.id,
            roomName: state.room.name, roomZone: state.room.zone, resourceAddress: state.address.lowercased(),
            resourceName: found.name, policy: state.policy, state: .paused)
        let preview = try await preview(of: state.room.id, in: id)
        let decided = (preview?.preview.items ?? []).compactMap { item in
            preview?.decisions[item.id].flatMap(item.choice).map { (item: item, choice: $0) }
        }
        try await answering {
            for (item, choice) in decided {
                try await perform(choice, on: item, link: link, connector: connector, by: author)
            }
        }
        do {
            try await store.addLink(link, blindAfter: settings.blindAfter, now: now())
        } catch let error as LinkError { throw SetupError.refused(Diagnosis(error)) }
        let moment = now()
        try await store.writeClashes(of: organization) { transaction in
            for (item, choice) in decided {
                guard let kept = choice.kept else { continue }
                for note in item.notes {
                    try transaction.decideAhead(
                        note, of: link.id, reason: item.reason, kept: kept, by: author, now: moment)
                }
            }
        }
        try await store.setState(.active, of: link.id, now: moment)
        return link.id
    }

    /// What a decision does on either side before anything crosses. What is gone or changed by now is left as it is.
    private func perform(
        _ choice: PreviewItem.Choice, on item: PreviewItem, link: Link, connector: any CalendarConnector,
        by author: ChangeAuthor
    ) async throws {
        let booking = item.booking?.booking
        let event = item.a.event ?? item.b?.event
        do {
            switch choice {
            case .cancelBooking:
                guard let id = booking else { return }
                _ = try await desk.cancel(
                    OccurrenceBookingID.whole(id), by: author,
                    reason: "Cancelled when \(link.title) was switched on.")
            case .move(let room):
                guard let id = booking else { return }
                _ = try await desk.move(
                    id, to: room, by: author,
                    because: "Another meeting has \(link.roomName) at that time.")
            case .value(.calendar):
                guard let id = booking, let event else { return }
                try await takeCalendarsWords(event, into: id, link: link, connector: connector, by: author)
            case .decline:
                if let event { try await decline(event, link: link, connector: connector) }
            case .write, .take, .keepA, .keepB, .value(.loopBooking): return
            }
        } catch DeskError.noSuchBooking { return } catch DeskError.slotTaken {
            throw SetupError.refused(.roomNotFree(link.roomName))
        }
    }

    /// Takes an event out of the calendar that was not to become a booking: the resource says no to its organizer, or takes
    /// away what stands in its calendar only. What is gone by now is left as it is.
    private func decline(_ event: EventID, link: Link, connector: any CalendarConnector) async throws {
        let comment = "Not taken over when \(link.title) was switched on."
        guard let present = try await connector.fetch(event, in: link.resourceAddress), present.holdsRoom else {
            return
        }
        switch present.role {
        case .attendee:
            try await connector.decline(event, occurrence: nil, comment: comment, in: link.resourceAddress)
        case .organizer:
            try await connector.cancel(
                EventReference(event: event), ifVersion: present.version, comment: comment, in: link.resourceAddress)
        }
    }

    private func takeCalendarsWords(
        _ event: EventID, into booking: BookingID, link: Link, connector: any CalendarConnector, by author: ChangeAuthor
    ) async throws {
        guard let present = try await connector.fetch(event, in: link.resourceAddress) else { return }
        let kept = Privacy.redacted(present, policy: link.policy.content)
        let words = Privacy.inLoopBooking(kept.meeting, policy: link.policy.content)
        _ = try await desk.change(
            booking, BookingChange(body: words.body, sensitivity: words.sensitivity, showAs: words.showAs), by: author)
    }

    // MARK: Progress

    /// The first sync of one link.
    package struct Progress: Sendable {
        package var room: String
        package var link: LinkOverview
        /// Meetings that are kept together by now.
        package var done: Int
        /// How many the preview expected; nil without one.
        package var expected: Int?
        /// Whether both sides have agreed once.
        package var isDone: Bool { link.isSettled }
        /// A link that was read once and stopped or paused since is not in sync.
        package var isInSync: Bool { isDone && link.condition == .inSync }
    }

    /// The connection's links, those that are not in sync first, then by room.
    /// - Parameter range: only these of them; all when nil.
    /// - Returns: them, and of all links how many there are and how many are in sync.
    package func progress(
        of id: ConnectionID, _ range: ((_ count: Int) -> Range<Int>)? = nil
    ) async throws -> (links: [Progress], count: Int, inSync: Int) {
        _ = try await existing(id)
        let own = Set(try await store.linkNames(of: organization, connection: id).map(\.id))
        let all = try await store.overview(of: organization, now: now()).compactMap { room in
            room.link.flatMap { link in
                own.contains(link.id)
                    ? (room: room.room, item: Progress(room: room.name, link: link, done: 0, expected: nil)) : nil
            }
        }
        let ordered = all.filter { !$0.item.isInSync } + all.filter(\.item.isInSync)
        let shown = range.map { Array(ordered[$0(ordered.count)]) } ?? ordered
        let pairings = try await store.countPairings(of: shown.map(\.item.link.id))
        let counts = Dictionary(
            try await store.setupPreviews(of: id).filter { $0.madeAt != nil }.map { preview in
                (
                    preview.room,
                    try StoredJSON.value(PreviewCounts.self, from: preview.counts, column: "counts").meetings
                )
            }, uniquingKeysWith: { $1 })
        let links = shown.map { room, item in
            var item = item
            item.done = pairings[item.link.id] ?? 0
            item.expected = counts[room]
            return item
        }
        return (links, all.count, all.count(where: \.item.isInSync))
    }
}

extension PreviewItem.Choice {
    /// Who keeps the room by it; a booking that goes elsewhere leaves nothing to rule about.
    fileprivate var kept: Clash.Party? {
        switch self {
        case .keepA: .a
        case .keepB: .b
        case .write, .cancelBooking, .take, .decline, .move, .value: nil
        }
    }
}

extension Diagnosis {
    static let cannotInvite = Diagnosis(
        code: "setup.writing", summary: "This connection cannot write by invitation: it has no mailbox to invite from.",
        consequence: "The room was not switched on.",
        remedy: "Choose direct writing for the room, or a connection with a service account.", step: .mapRooms)

    static func roomNotFree(_ room: String) -> Diagnosis {
        Diagnosis(
            code: "setup.move", summary: "The room that a meeting of \(room) was to move to is not free any more.",
            consequence: "\(room) was not switched on.", remedy: "Work the preview out anew and choose again.")
    }

    init(_ error: LinkError) {
        switch error {
        case .roomLinked(let other):
            self.init(
                code: "link.roomLinked", summary: "The room is linked to \(other) already.",
                remedy: "A room has one mirror: choose another room.", step: .mapRooms)
        case .resourceLinked(let other):
            self.init(
                code: "link.resourceLinked", summary: "The resource is linked to the room \(other) already.",
                remedy: "A resource mirrors one room: choose another resource.", step: .mapRooms)
        }
    }
}
