import CalendarModel

/// How a room stands in its table.
extension Room {
    static let columns = """
        organization, id, name, capacity, location, zone, opening_hours, horizon_days, maximum_minutes, revision
        """

    init(_ row: SQLRow) throws {
        self.init(
            id: RoomID(try row.text("id")), organization: OrganizationID(try row.text("organization")),
            name: try row.text("name"), capacity: try row.optionalInteger("capacity").map(Int.init),
            location: try row.text("location"), zone: ZoneID(try row.text("zone")),
            openingHours: try OpeningHours(stored: row.optionalText("opening_hours")),
            rules: BookingRules(
                horizonDays: Int(try row.integer("horizon_days")),
                maximumMinutes: Int(try row.integer("maximum_minutes"))),
            revision: try row.integer("revision"))
    }

    /// What keeps two rooms from having the same name: white space and case do not count.
    var nameKey: String { canonicalLine(name).lowercased() }
}

extension OpeningHours {
    /// `{"monday":[480,1020]}`, or null for always.
    init(stored text: String?) throws {
        guard let text else {
            self = .always
            return
        }
        let week = try StoredJSON.value([String: [Int]].self, from: text, column: "opening_hours")
        var ranges: [RecurrenceRule.Weekday: MinuteRange] = [:]
        for (name, minutes) in week {
            guard let day = RecurrenceRule.Weekday(rawValue: name), minutes.count == 2 else {
                throw SQLError.unexpectedValue(column: "opening_hours")
            }
            ranges[day] = MinuteRange(from: minutes[0], to: minutes[1])
        }
        self = .weekly(ranges)
    }

    func stored() throws -> String? {
        guard case .weekly(let week) = self else { return nil }
        let plain = week.map { ($0.key.rawValue, [$0.value.from, $0.value.to]) }
        return try StoredJSON.text(Dictionary(uniqueKeysWithValues: plain))
    }
}
