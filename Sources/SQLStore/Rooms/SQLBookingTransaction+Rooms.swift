import CalendarModel
import LoopBooking

extension SQLBookingTransaction {
    func room(_ id: RoomID) throws -> Room? {
        try connection.first(
            "SELECT \(Room.columns) FROM rooms WHERE organization = $1 AND id = $2 AND removed_us IS NULL",
            [organizationValue, .text(id.rawValue)]
        ).map(Room.init)
    }

    func rooms(after name: String?, limit: Int) throws -> [Room] {
        try connection.query(
            """
            SELECT \(Room.columns) FROM rooms WHERE organization = $1 AND removed_us IS NULL AND name_key > $2
            ORDER BY name_key LIMIT $3
            """,
            [
                organizationValue, .text(canonicalLine(name ?? "").lowercased()), .integer(Int64(limit)),
            ]
        ).map(Room.init)
    }

    func useOutsideLoopBooking(of room: RoomID) throws -> String? {
        try store.roomUse?(connection, organization, room)
    }

    func insert(_ room: Room, at now: Instant) throws {
        try requireNameFree(room)
        try connection.execute(
            """
            INSERT INTO rooms (organization, id, name, name_key, capacity, location, zone, opening_hours, horizon_days,
                maximum_minutes, revision, created_us, updated_us)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
            """, try values(of: room, at: now))
    }

    func update(_ room: Room, at now: Instant) throws {
        try requireNameFree(room)
        try connection.execute(
            """
            UPDATE rooms SET name = $3, name_key = $4, capacity = $5, location = $6, zone = $7, opening_hours = $8,
                horizon_days = $9, maximum_minutes = $10, revision = $11, updated_us = $12
            WHERE organization = $1 AND id = $2 AND removed_us IS NULL
            """, try values(of: room, at: now))
    }

    func remove(_ room: RoomID, at now: Instant) throws {
        try connection.execute(
            "UPDATE rooms SET removed_us = $3 WHERE organization = $1 AND id = $2 AND removed_us IS NULL",
            [organizationValue, .text(room.rawValue), .integer(now.microseconds)])
    }

    private func values(of room: Room, at now: Instant) throws -> [SQLValue] {
        [
            organizationValue, .text(room.id.rawValue), .text(room.name), .text(room.nameKey),
            .optional(room.capacity.map(Int64.init)), .text(room.location), .text(room.zone.name),
            .optional(try room.openingHours.stored()), .integer(Int64(room.rules.horizonDays)),
            .integer(Int64(room.rules.maximumMinutes)), .integer(room.revision), .integer(now.microseconds),
        ]
    }

    private func requireNameFree(_ room: Room) throws {
        let other = try connection.first(
            "SELECT id FROM rooms WHERE organization = $1 AND name_key = $2 AND id <> $3 AND removed_us IS NULL",
            [organizationValue, .text(room.nameKey), .text(room.id.rawValue)])
        guard other == nil else { throw DeskError.roomNameTaken(room.name) }
    }
}
