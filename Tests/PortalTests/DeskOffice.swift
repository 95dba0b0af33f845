import CalendarModel
import CalendarTime
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import TestSupport

@testable import Portal

/// A portal whose organization has one room, linked to a calendar in memory. It is Sunday, 1 March 2026.
struct DeskOffice: Sendable {
    static let organization: OrganizationID = "acme"

    let portal: TestPortal
    let room: RoomID
    let link: Link

    init(_ policy: LinkPolicy = LinkPolicy(), room name: String = "Oslo") async throws {
        var portal = try await TestPortal()
        portal.store = portal.store.withLinkHooks()
        self.portal = portal
        let room = try await portal.services.desk(of: Self.organization).addRoom(
            RoomDraft(name: name, capacity: 6, zone: Times.oslo.name)
        ).entity
        self.room = room.id
        link = try await Self.link(room, Self.organization, policy, resource: Samples.mirror.address, in: portal)
        try await portal.addPerson()
    }

    static func link(
        _ room: Room, _ organization: OrganizationID, _ policy: LinkPolicy = LinkPolicy(), resource: String,
        in portal: TestPortal
    ) async throws -> Link {
        try await portal.store.addConnection(
            ConnectionRecord(
                id: ConnectionID("connection-\(organization)"), organization: organization, name: "Contoso",
                kind: "memory", settings: "{}", createdAt: TestPortal.now), secrets: [:])
        let link = Link(
            id: LinkID("link-\(organization)"), organization: organization,
            connection: ConnectionID("connection-\(organization)"), room: room.id, roomName: room.name,
            roomZone: room.zone, resourceAddress: resource, resourceName: "\(room.name)-ext", policy: policy)
        try await portal.store.addLink(link, blindAfter: .seconds(3600), now: TestPortal.now)
        return link
    }

    var calendar: InMemoryCalendar { portal.connectors.calendar }
    var desk: BookingDesk { portal.services.desk(of: Self.organization) }
    var store: Store { portal.store }

    @discardableResult
    func book(
        _ subject: String, _ start: String, minutes: Int = 60, by person: Person = Samples.anna,
        sensitivity: Sensitivity = .normal, room: RoomID? = nil
    ) async throws -> Booking {
        try await desk.create(
            BookingDraft(
                room: room ?? self.room, time: TimeDraft(Times.at(start, minutes: minutes)), subject: subject,
                organizer: person, sensitivity: sensitivity), by: .person(person.name)
        ).entity
    }

    func pass() async throws {
        try await portal.services.worker.runNow(link.id, patience: .seconds(1))
    }

    /// Runs `body` with a browser in which an administrator is signed in.
    func browse(_ body: @escaping @Sendable (Browser) async throws -> Void) async throws {
        try await portal.browse { browser in
            try await browser.signIn()
            try await body(browser)
        }
    }

    /// What the audit log says was done, oldest first.
    func audit() async throws -> [String] {
        try await store.auditLog(of: Self.organization, limit: 50).map(\.action).reversed()
    }

    var roomPath: String { "/o/acme/rooms/\(room)" }
    var linkPath: String { "/o/acme/links/\(link.id)" }
}
