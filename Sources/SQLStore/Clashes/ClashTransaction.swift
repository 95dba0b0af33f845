import CalendarModel
import LoopBooking
import SyncEngine

/// One transaction on an organization's clashes, together with the bookings, pairings and observations they are about.
package struct ClashTransaction {
    let store: Store
    package let organization: OrganizationID
    let connection: any SQLConnection

    package var bookings: any BookingTransaction { store.bookings(of: organization).transaction(on: connection) }

    // MARK: Clashes

    /// Newest first.
    /// - Parameter range: only these of them.
    package func clashes(
        _ states: Set<Clash.State>, of link: LinkID? = nil, range: Range<Int> = 0..<Int(Int32.max)
    ) throws -> [Clash] {
        try connection.query(
            """
            SELECT \(Clash.columns) FROM clashes JOIN links ON links.id = clashes.link
            WHERE links.organization = $1 AND (CAST($2 AS TEXT) IS NULL OR clashes.link = $2)
                AND clashes.state IN (\(Self.list(states)))
            ORDER BY clashes.at_us DESC, clashes.id LIMIT $3 OFFSET $4
            """,
            [
                .text(organization.rawValue), .optional(link?.rawValue), .integer(Int64(range.count)),
                .integer(Int64(range.lowerBound)),
            ]
        ).map(Clash.init)
    }

    package func countClashes(_ states: Set<Clash.State>) throws -> Int {
        let row = try connection.first(
            """
            SELECT COUNT(*) AS count FROM clashes JOIN links ON links.id = clashes.link
            WHERE links.organization = $1 AND clashes.state IN (\(Self.list(states)))
            """, [.text(organization.rawValue)])
        return Int(try row?.integer("count") ?? 0)
    }

    /// The states' words for SQL; no value from outside is in it.
    private static func list(_ states: Set<Clash.State>) -> String {
        states.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
    }

    /// Those that name a booking, or of links through which it crossed; newest first.
    package func clashes(near booking: BookingID) throws -> [Clash] {
        try connection.query(
            """
            SELECT \(Clash.columns) FROM clashes JOIN links ON links.id = clashes.link
            WHERE links.organization = $1 AND (clashes.winner_booking = $2 OR clashes.loser_booking = $2
                OR clashes.link IN (SELECT link FROM pairings WHERE booking = $2))
            ORDER BY clashes.at_us DESC, clashes.id
            """, [.text(organization.rawValue), .text(booking.rawValue)]
        ).map(Clash.init)
    }

    /// A clash by its id or the beginning of it; nil when none or several begin so.
    package func clash(_ id: String) throws -> Clash? {
        guard !id.isEmpty else { return nil }
        let rows = try connection.query(
            """
            SELECT \(Clash.columns) FROM clashes JOIN links ON links.id = clashes.link
            WHERE links.organization = $1 AND (clashes.id = $2 OR substr(clashes.id, 1, $3) = $2)
            ORDER BY clashes.id LIMIT 2
            """, [.text(organization.rawValue), .text(id), .integer(Int64(id.count))])
        let found = try rows.map(Clash.init)
        return found.count == 1 ? found[0] : found.first { $0.id.rawValue == id }
    }

    package func keep(_ clash: Clash) throws { try Self.keep(clash, in: connection) }

    static func keep(_ clash: Clash, in connection: any SQLConnection) throws {
        let record = ClashRecord(link: clash.link, note: clash.note, reason: clash.reason, at: clash.lastAt)
        try connection.execute(
            """
            INSERT INTO clashes (id, link, content, at_us, first_us, resolved_us, state, winner_booking, winner_event,
                loser_booking, loser_event, desk)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (id) DO UPDATE SET content = excluded.content, at_us = excluded.at_us,
                resolved_us = excluded.resolved_us, state = excluded.state, winner_booking = excluded.winner_booking,
                winner_event = excluded.winner_event, loser_booking = excluded.loser_booking,
                loser_event = excluded.loser_event, desk = excluded.desk
            """,
            [
                .text(clash.id.rawValue), .text(clash.link.rawValue), .text(try StoredJSON.text(record)),
                .integer(clash.lastAt.microseconds), .integer(clash.firstAt.microseconds),
                clash.state == .open ? .null : .integer(clash.lastAt.microseconds), .text(clash.state.rawValue),
                .optional(clash.note.winner.booking?.rawValue), .optional(clash.note.winner.event?.rawValue),
                .optional(clash.note.loser.booking?.rawValue), .optional(clash.note.loser.event?.rawValue),
                .text(try StoredJSON.text(clash.file)),
            ])
    }

    // MARK: Rulings

    package func rule(_ ruling: ClashRuling, on clash: Clash) throws {
        try connection.execute(
            """
            INSERT INTO rulings (clash, link, content, decided_us, until_us) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (clash) DO UPDATE SET content = excluded.content, decided_us = excluded.decided_us,
                until_us = excluded.until_us
            """,
            [
                .text(clash.id.rawValue), .text(clash.link.rawValue), .text(try StoredJSON.text(ruling)),
                .integer(ruling.decidedAt.microseconds), .integer(clash.end.microseconds),
            ])
    }

    package func endRuling(on clash: Clash) throws {
        try connection.execute("DELETE FROM rulings WHERE clash = $1", [.text(clash.id.rawValue)])
    }

    /// The rulings of a link; their parties by all the ids that are known by now.
    static func rulings(of link: LinkID, pairings: [Pairing], in connection: any SQLConnection) throws -> [ClashRuling]
    {
        let rulings = try connection.query(
            "SELECT content FROM rulings WHERE link = $1 ORDER BY decided_us, clash", [.text(link.rawValue)]
        ).map { try StoredJSON.value(ClashRuling.self, from: $0.text("content"), column: "content") }
        func complete(_ party: ClashRuling.Party) -> ClashRuling.Party {
            guard
                let pairing = pairings.first(where: { pairing in
                    pairing.booking == party.booking || pairing.event != nil && pairing.event == party.event
                })
            else { return party }
            var result = party
            result.booking = party.booking ?? pairing.booking
            result.event = pairing.event ?? party.event
            return result
        }
        return rulings.map {
            ClashRuling(winner: complete($0.winner), loser: complete($0.loser), decidedAt: $0.decidedAt)
        }
    }

    // MARK: What the clash is about

    package func link(_ id: LinkID) throws -> LinkRecord? {
        try connection.first(
            LinkRow.select + " WHERE links.id = $1 AND links.organization = $2",
            [.text(id.rawValue), .text(organization.rawValue)]
        ).map(LinkRow.record)
    }

    /// A party's booking: the one that was named, else the one its event is or was paired with.
    package func booking(of party: ClashNote.Party, link: LinkID) throws -> Booking? {
        let id = try party.booking ?? bookingID(of: party.event, link: link)
        return try id.flatMap { try bookings.booking($0) }
    }

    private func bookingID(of event: EventID?, link: LinkID) throws -> BookingID? {
        guard let event else { return nil }
        return try connection.first(
            """
            SELECT booking FROM pairings WHERE link = $1 AND event = $2
            ORDER BY CASE WHEN ended_us IS NULL THEN 0 ELSE 1 END, ended_us DESC LIMIT 1
            """, [.text(link.rawValue), .text(event.rawValue)]
        ).map { BookingID(try $0.text("booking")) }
    }

    package func observed(_ event: EventID?, link: LinkID) throws -> ObservedEvent? {
        guard let event else { return nil }
        return try Self.observed(event, link: link, in: connection)
    }

    static func observed(_ event: EventID, link: LinkID, in connection: any SQLConnection) throws -> ObservedEvent? {
        try connection.first(
            "SELECT content FROM observed_events WHERE link = $1 AND event = $2",
            [.text(link.rawValue), .text(event.rawValue)]
        ).map { try StoredJSON.value(ObservedEvent.self, from: $0.text("content"), column: "content") }
    }

    /// The pairing of a party's meeting: the live one, else the one that ended last.
    package func pairing(of party: ClashNote.Party, link: LinkID) throws -> Pairing? {
        try Self.pairing(booking: party.booking, event: party.event, link: link, in: connection)
    }

    static func pairing(
        booking: BookingID?, event: EventID?, link: LinkID, in connection: any SQLConnection
    ) throws -> Pairing? {
        try connection.first(
            """
            SELECT content FROM pairings WHERE link = $1 AND (booking = $2 OR event = $3)
            ORDER BY CASE WHEN ended_us IS NULL THEN 0 ELSE 1 END, ended_us DESC LIMIT 1
            """,
            [.text(link.rawValue), .optional(booking?.rawValue), .optional(event?.rawValue)]
        ).map { try StoredJSON.value(Pairing.self, from: $0.text("content"), column: "content") }
    }

    package func isLive(_ pairing: PairingID) throws -> Bool {
        try connection.first(
            "SELECT id FROM pairings WHERE id = $1 AND ended_us IS NULL", [.text(pairing.rawValue)]) != nil
    }

    /// Lets an ended pairing live again, unless its booking or event stands in another one by now.
    package func revive(_ pairing: Pairing) throws {
        let other = try connection.first(
            """
            SELECT id FROM pairings WHERE link = $1 AND ended_us IS NULL AND (booking = $2 OR event = $3)
            """,
            [
                .text(pairing.link.rawValue), .text(pairing.booking.rawValue),
                .optional(pairing.event?.rawValue),
            ])
        guard other == nil else { return }
        try connection.execute("UPDATE pairings SET ended_us = NULL WHERE id = $1", [.text(pairing.id.rawValue)])
    }

    /// Keeps what the engine remembers together with the clash.
    package func apply(_ effects: [Effect], for link: LinkID, at now: Instant) throws {
        try store.sync.apply(effects, link: link, at: now, in: connection)
    }

    package func wake(_ link: LinkID) throws {
        try Store.wake("WHERE link = $1", [.text(link.rawValue)], in: connection)
    }
}

extension Store {
    /// Clashes that wait for somebody, newest first.
    package func openClashes(of organization: OrganizationID) async throws -> [Clash] {
        try await readClashes(of: organization) { try $0.clashes([.open]) }
    }

    package func readClashes<Value: Sendable>(
        of organization: OrganizationID, _ body: @escaping @Sendable (ClashTransaction) throws -> Value
    ) async throws -> Value {
        try await driver.read { try body(ClashTransaction(store: self, organization: organization, connection: $0)) }
    }

    @discardableResult
    package func writeClashes<Value: Sendable>(
        of organization: OrganizationID, _ body: @escaping @Sendable (ClashTransaction) throws -> Value
    ) async throws -> Value {
        try await driver.write { try body(ClashTransaction(store: self, organization: organization, connection: $0)) }
    }
}
