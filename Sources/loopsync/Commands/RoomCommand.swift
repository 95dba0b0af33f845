import ArgumentParser
import CalendarModel
import LoopBooking
import SQLStore
import SyncEngine

struct RoomCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "room", abstract: "LoopBooking's rooms, and the rooms of the calendar system.",
        subcommands: [Add.self, List.self, Discover.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a room to LoopBooking.")
        @OptionGroup var options: CommonOptions
        @Argument var name: String
        @Option var capacity: Int?
        @Option(help: "Where it is, in words.") var location = ""
        @Option(name: .customLong("time-zone"), help: "IANA name, such as Europe/Oslo.") var timeZone: String

        func run() async throws {
            try await withInstallation(options) { installation in
                let room = try await installation.desk(options.organizationID).addRoom(
                    RoomDraft(name: name, capacity: capacity, location: location, zone: timeZone)
                ).entity
                try await installation.audit("room.add", room.name, by: "room add", of: options.organizationID)
                if options.json {
                    try Terminal.writeJSON(RoomRow(room))
                } else {
                    Terminal.write("Added \(room.name) (\(room.id)).")
                }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List LoopBooking's rooms.")
        @OptionGroup var options: CommonOptions

        func run() async throws {
            try await withInstallation(options) { installation in
                let rooms = try await installation.rooms(options.organizationID)
                if options.json { return try Terminal.writeJSON(rooms.map(RoomRow.init)) }
                var table = TextTable("ROOM", "CAPACITY", "TIME ZONE", "LOCATION", "ID")
                for room in rooms {
                    table.add(
                        room.name, room.capacity.map(String.init) ?? "", room.zone.name, room.location,
                        room.id.rawValue)
                }
                Terminal.write(table.text)
            }
        }
    }

    struct Discover: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the rooms of the calendar system.",
            discussion: "New rooms can take a day or two to be listed; they can be linked by their address before.")
        @OptionGroup var options: CommonOptions
        @Option(help: "The connection's name; needed when there are several.") var connection: String?

        func run() async throws {
            try await withInstallation(options) { installation in
                let record = try await installation.connection(connection, of: options.organizationID)
                let connector = try await installation.connectors.connector(for: record.id)
                let resources = try await connector.discoverResources()
                if options.json { return try Terminal.writeJSON(resources) }
                var table = TextTable("RESOURCE", "ADDRESS", "CAPACITY", "BUILDING", "FLOOR")
                for resource in resources {
                    table.add(
                        resource.name, resource.address, resource.capacity.map(String.init) ?? "",
                        resource.building ?? "", resource.floor ?? "")
                }
                Terminal.write(table.text)
            }
        }
    }
}

struct RoomRow: Encodable {
    var id: String
    var name: String
    var capacity: Int?
    var location: String
    var timeZone: String

    init(_ room: Room) {
        id = room.id.rawValue
        name = room.name
        capacity = room.capacity
        location = room.location
        timeZone = room.zone.name
    }
}
