import ArgumentParser
import CalendarModel
import LoopBooking
import SQLStore
import SyncEngine

/// Finding things by the names that people type.
extension Installation {
    func desk(_ organization: OrganizationID) -> BookingDesk {
        store.desk(of: organization, now: Self.now, newID: Self.newID)
    }

    func rooms(_ organization: OrganizationID) async throws -> [Room] {
        var rooms: [Room] = []
        while true {
            let page = try await desk(organization).rooms(after: rooms.last?.name, limit: 200)
            rooms += page
            if page.count < 200 { return rooms }
        }
    }

    /// A room by name or id.
    func room(_ text: String, of organization: OrganizationID) async throws -> Room {
        if let room = try await store.room(named: text, of: organization) { return room }
        do { return try await desk(organization).room(RoomID(text)) } catch {
            throw CommandFailure(
                "room.unknown", "There is no room named \(text).",
                remedy: "See `loopsync room list`, or add it with `loopsync room add`.")
        }
    }

    /// A connection by name; the only one when no name is given.
    func connection(_ name: String?, of organization: OrganizationID) async throws -> ConnectionRecord {
        let all = try await store.connections(of: organization)
        if let name {
            guard let record = all.first(where: { $0.name == name || $0.id.rawValue == name }) else {
                throw CommandFailure(
                    "connection.unknown", "There is no connection named \(name).",
                    remedy: "See `loopsync connection list`.")
            }
            return record
        }
        guard let only = all.first else {
            throw CommandFailure(
                "connection.none", "There is no connection to a calendar system yet.",
                remedy: "Add one with `loopsync connection add`.")
        }
        guard all.count == 1 else {
            throw CommandFailure(
                "connection.several", "There are several connections: \(all.map(\.name).joined(separator: ", ")).",
                remedy: "Say which one with --connection.")
        }
        return only
    }

    /// A link by its room's name, its resource's address, or its id.
    func link(_ text: String, of organization: OrganizationID) async throws -> LinkRecord {
        let key = canonicalLine(text).lowercased()
        let all = try await store.links(of: organization)
        let found = all.first {
            [$0.link.id.rawValue, $0.link.roomName, $0.link.resourceAddress, $0.link.resourceName]
                .contains { $0.lowercased() == key }
        }
        guard let found else {
            throw CommandFailure(
                "link.unknown", "There is no link for \(text).", remedy: "See `loopsync link list`.")
        }
        return found
    }
}
