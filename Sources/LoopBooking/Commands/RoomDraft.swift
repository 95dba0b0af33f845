import CalendarModel

/// A room that somebody wants to add. Nothing in it was checked yet.
package struct RoomDraft: Hashable, Sendable {
    package var name: String
    package var capacity: Int?
    package var location: String
    /// The name of an IANA time zone.
    package var zone: String
    package var openingHours: OpeningHours
    package var rules: BookingRules

    package init(
        name: String, capacity: Int? = nil, location: String = "", zone: String,
        openingHours: OpeningHours = .always, rules: BookingRules = BookingRules()
    ) {
        self.name = name
        self.capacity = capacity
        self.location = location
        self.zone = zone
        self.openingHours = openingHours
        self.rules = rules
    }

    /// A room that stands, as a draft again.
    package init(_ room: Room) {
        self.init(
            name: room.name, capacity: room.capacity, location: room.location, zone: room.zone.name,
            openingHours: room.openingHours, rules: room.rules)
    }
}

/// What somebody wants changed about a room; nil leaves a part as it is.
package struct RoomChange: Hashable, Sendable {
    package var name: String?
    package var capacity: BookingChange.Replacement<Int>?
    package var location: String?
    package var zone: String?
    package var openingHours: OpeningHours?
    package var horizonDays: Int?
    package var maximumMinutes: Int?

    package init(
        name: String? = nil, capacity: BookingChange.Replacement<Int>? = nil, location: String? = nil,
        zone: String? = nil, openingHours: OpeningHours? = nil, horizonDays: Int? = nil, maximumMinutes: Int? = nil
    ) {
        self.name = name
        self.capacity = capacity
        self.location = location
        self.zone = zone
        self.openingHours = openingHours
        self.horizonDays = horizonDays
        self.maximumMinutes = maximumMinutes
    }

    package func applied(to draft: RoomDraft) -> RoomDraft {
        var result = draft
        if let name { result.name = name }
        switch capacity {
        case .value(let number): result.capacity = number
        case .nothing: result.capacity = nil
        case nil: break
        }
        if let location { result.location = location }
        if let zone { result.zone = zone }
        if let openingHours { result.openingHours = openingHours }
        if let horizonDays { result.rules.horizonDays = horizonDays }
        if let maximumMinutes { result.rules.maximumMinutes = maximumMinutes }
        return result
    }
}
