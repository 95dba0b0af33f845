import CalendarModel
import CalendarTime
import HTTPTypes
import LoopBooking
import SQLStore
import SyncEngine
import Testing
import Vault

@testable import Portal

/// Two organizations, each with one of everything that has an address. What belongs to one has a word in its names that
/// nothing of the other has.
///
/// Whoever adds a new kind of thing to the addresses adds it here, once; the walks over all routes do the rest.
struct TwoOffices {
    /// One organization's things, by the part of the address that stands before their ids.
    struct Office {
        let organization: OrganizationID
        /// Stands in the names of everything that is this organization's.
        let word: String
        var ids: [String: String] = [:]
    }

    let portal: TestPortal
    private(set) var mine: Office
    private(set) var theirs: Office

    init() async throws {
        var portal = try await TestPortal()
        // What waits for news ends at once.
        portal.sleep = { _ in throw CancellationError() }
        self.portal = portal
        mine = try await Self.furnish(portal, "acme", word: "Heron")
        theirs = try await Self.furnish(portal, "other", word: "Zebrafink")
    }

    private static func furnish(_ portal: TestPortal, _ name: String, word: String) async throws -> Office {
        let organization = OrganizationID(name)
        let store = portal.store
        var office = Office(organization: organization, word: word)
        let desk = portal.services.desk(of: organization)
        func at(_ hour: Int) -> ZonedTime {
            ZonedTime(
                wall: WallTime(date: CivilDate(year: 2026, month: 3, day: 2), hour: hour, minute: 0),
                zone: "Europe/Oslo")
        }
        let room = try await desk.addRoom(RoomDraft(name: "\(word) room", zone: "Europe/Oslo")).entity
        let booking = try await desk.create(
            BookingDraft(room: room.id, time: .timed(start: at(10), end: at(11)), subject: "\(word) meeting"),
            by: .person("\(word) person")
        ).entity
        let connection = ConnectionRecord(
            id: ConnectionID("connection-\(name)"), organization: organization, name: "\(word) connection",
            kind: "microsoft", settings: "{}", createdAt: TestPortal.now)
        try await store.addConnection(connection, secrets: [:])
        let link = Link(
            id: LinkID("link-\(name)"), organization: organization, connection: connection.id, room: room.id,
            roomName: room.name, roomZone: room.zone, resourceAddress: "\(word)@rooms.example".lowercased(),
            resourceName: "\(word) mirror")
        try await store.addLink(link, blindAfter: .seconds(600), now: TestPortal.now)
        let span = booking.meeting.time.span
        let note = ClashNote(
            winner: ClashNote.Party(origin: .loopBooking, booking: booking.id, event: nil, span: span),
            loser: ClashNote.Party(origin: .calendar, booking: nil, event: EventID("event-\(name)"), span: span))
        try await store.sync.apply(
            [.clash(ClashRecord(link: link.id, note: note, reason: "\(word) was first.", at: TestPortal.now))],
            for: link.id, at: TestPortal.now)
        let member = try await portal.addPerson(
            "\(word)@\(name).example", role: .viewer, in: name, named: "\(word) member")
        let access = AccessDesk(
            services: portal.services, organization: Organization(id: organization, name: name),
            actor: "\(word) administrator", actorKind: .account)
        let token = try await access.makeToken(name: "\(word) token", scopes: [.read]).token
        let invitation = try await access.invite("\(word)@invited.example", as: .viewer).invitation
        let run = DoctorRun(
            id: "run-\(name)", organization: organization, occasion: .asked, startedAt: TestPortal.now,
            finishedAt: TestPortal.now,
            entries: [
                DoctorEntry(
                    connection: connection.id, connectionName: connection.name,
                    finding: Finding(check: "room.found", subject: link.resourceAddress, verdict: .good, evidence: word)
                )
            ])
        try await store.keep(run)
        office.ids = [
            "rooms": room.id.rawValue, "bookings": booking.id.rawValue, "connections": connection.id.rawValue,
            "links": link.id.rawValue,
            "clashes": try await store.openClashes(of: organization).first?.id.rawValue ?? "",
            "members": member.id, "tokens": token.id, "invitations": invitation.id, "o": name,
            // Of one thing, or of nobody in particular.
            "occurrences": "2026-03-02T10:00:00", "accounts": member.id, "organizations": name,
            "invitation": "no-such-secret", "welcome": "no-such-secret", "new-password": "no-such-secret",
            "sign-in": "microsoft", "identities": "microsoft", "held": "again", "runs": run.id,
        ]
        return office
    }

    /// A route's address with the ids of an office in it.
    /// - Parameter organization: the one in the address.
    func address(_ path: String, _ office: Office, in organization: OrganizationID? = nil) throws -> String {
        var before = ""
        var parts: [String] = []
        for part in path.split(separator: "/") {
            if part.hasPrefix("{") {
                let id =
                    part == "{organization}"
                    ? organization?.rawValue ?? office.organization.rawValue : office.ids[before]
                parts.append(
                    try #require(id.map(Form.encoded), "TwoOffices has no id for \(part) after /\(before) in \(path)"))
            } else {
                before = String(part)
                parts.append(before)
            }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// Every id of an office under every name that a form or query may have for it.
    func fields(of office: Office) -> [String: String] {
        var fields: [String: String] = ["q": office.word.lowercased().prefix(4).description]
        for (name, id) in office.ids where !["invitation", "welcome", "new-password", "sign-in"].contains(name) {
            fields[name] = id
            let one =
                name.hasSuffix("es") && name.hasPrefix("clash")
                ? "clash" : name.hasSuffix("s") ? String(name.dropLast()) : name
            fields[one] = id
        }
        fields["reader"] = office.ids["members"]
        fields["doctorMail"] = "chosen"
        return fields
    }

    /// Everything in the database that belongs to an organization, to see whether anything of it changed.
    func contents(of office: Office) async throws -> [String] {
        let name = office.organization.rawValue
        return try await portal.store.driver.read { connection in
            var rows: [String] = []
            let tables = try connection.query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            for table in try tables.map({ try $0.text("name") }) {
                let columns = try connection.query("SELECT name FROM pragma_table_info($1)", [.text(table)])
                    .map { try $0.text("name") }
                let condition =
                    columns.contains("organization")
                    ? "organization = $1"
                    : columns.contains("link") ? "link IN (SELECT id FROM links WHERE organization = $1)" : nil
                guard let condition else { continue }
                let all = columns.map { "quote(\"\($0)\")" }.joined(separator: " || ',' || ")
                rows += try connection.query(
                    "SELECT \(all) AS line FROM \"\(table)\" WHERE \(condition) ORDER BY 1", [.text(name)]
                ).map { "\(table): \(try $0.text("line"))" }
            }
            return rows
        }
    }
}
