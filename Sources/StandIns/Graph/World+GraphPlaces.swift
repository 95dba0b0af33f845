import HTTPTypes

extension World {
    /// `/places/…`
    func graphPlaces(_ request: GraphRequest, _ caller: Caller) throws(GraphError) -> GraphReply {
        guard request.method == .get else { throw .methodNotAllowed }
        guard Self.grants(caller, anyOf: ["Place.Read.All", "Place.ReadWrite.All"]) else { throw .accessDenied }
        guard let tenant = tenants[caller.tenantID], let segment = request.segment(1) else {
            throw .noSegment("places")
        }
        let listed = tenant.rooms.filter(\.listedInPlaces).sorted { $0.address < $1.address }
        let lists = Self.roomLists(of: tenant)
        switch Self.typeName(segment) {
        case "room":
            if request.segment(2) == "$count" { return .ok(.int(listed.count)) }
            if listed.isEmpty, settings.graph.noRoomsIsAnError { throw .noPlaces }
            return try placeList(request, listed.map(Self.place), "places/microsoft.graph.room")
        case "roomlist":
            if lists.isEmpty, settings.graph.noRoomsIsAnError { throw .noPlaces }
            return try placeList(request, lists.map { Self.place($0) }, "places/microsoft.graph.roomList")
        default:
            if let list = lists.first(where: { $0.address == segment.lowercased() }) {
                return try placesOf(list, request)
            }
            guard
                let room = listed.first(where: {
                    $0.address.lowercased() == segment.lowercased() || $0.id == segment.lowercased()
                })
            else {
                throw GraphError(
                    status: 404, code: "ErrorItemNotFound", message: "The place '\(segment)' was not found.")
            }
            var body = Self.place(room)
            body["@odata.context"] = .string("\(request.base)/$metadata#places/microsoft.graph.room/$entity")
            body["@odata.type"] = "#microsoft.graph.room"
            return .ok(.object(body))
        }
    }

    private func placesOf(_ list: RoomList, _ request: GraphRequest) throws(GraphError) -> GraphReply {
        var rest = request.segments.dropFirst(2).map { $0.lowercased() }
        if let type = rest.first, Self.typeName(type) == "roomlist" { rest.removeFirst() }
        if rest == ["rooms"] { return try placeList(request, list.rooms.map(Self.place), "rooms") }
        guard rest.isEmpty else { throw .noSegment(rest[0]) }
        var body = Self.place(list)
        body["@odata.context"] = .string("\(request.base)/$metadata#places/microsoft.graph.roomList/$entity")
        body["@odata.type"] = "#microsoft.graph.roomList"
        return .ok(.object(body))
    }

    /// A page of places. Graph gives no next link here: clients ask with `$skip` until a page is short.
    private func placeList(
        _ request: GraphRequest, _ places: [[String: GraphJSON]], _ context: String
    ) throws(GraphError) -> GraphReply {
        var found = places
        if let text = request.query["$filter"] {
            let filter = try GraphFilter(text)
            found = found.filter { filter.matches(.object($0)) }
        }
        let top = try request.query.number("$top", maximum: 999) ?? 100
        let skip = try request.query.number("$skip", maximum: .max) ?? 0
        var page = Array(found.dropFirst(skip).prefix(top))
        if let select = request.query["$select"] {
            let names = Set(select.split(separator: ",").map { String($0).trimmed })
            if let first = places.first, let unknown = names.first(where: { first[$0] == nil }) {
                throw .unreadableQuery("Could not find a property named '\(unknown)' on type 'microsoft.graph.place'.")
            }
            page = page.map { place in place.filter { $0.key == "id" || names.contains($0.key) } }
        }
        var body: [String: GraphJSON] = [
            "@odata.context": .string("\(request.base)/$metadata#\(context)"),
            "value": .array(page.map { .object($0) }),
        ]
        if request.query["$count"]?.lowercased() == "true" { body["@odata.count"] = .int(found.count) }
        return .ok(.object(body))
    }

    private struct RoomList {
        var address: String
        var name: String
        var rooms: [Tenant.PlaceRoom]
    }

    /// One room list for each building.
    private static func roomLists(of tenant: Tenant) -> [RoomList] {
        let buildings = Dictionary(grouping: tenant.rooms.filter { $0.listedInPlaces && $0.building != nil }) {
            $0.building ?? ""
        }
        return buildings.map { name, rooms in
            let local = name.lowercased().map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined()
            return RoomList(
                address: "rooms-\(local)@\(tenant.domain)", name: name, rooms: rooms.sorted { $0.address < $1.address })
        }
        .sorted { $0.address < $1.address }
    }

    private static func place(_ room: Tenant.PlaceRoom) -> [String: GraphJSON] {
        var place = emptyPlace(id: room.id, name: room.displayName, address: room.address)
        place["nickname"] = .string(room.displayName)
        place["capacity"] = room.capacity.map { .int($0) } ?? .null
        place["building"] = .text(room.building)
        place["floorNumber"] = room.floorNumber.map { .int($0) } ?? .null
        place["floorLabel"] = .text(room.floorNumber.map { String($0) })
        place["bookingType"] = "standard"
        place["teamsEnabledState"] = "unknown"
        for name in ["audioDeviceName", "videoDeviceName", "displayDeviceName"] { place[name] = .null }
        return place
    }

    private static func place(_ list: RoomList) -> [String: GraphJSON] {
        emptyPlace(id: list.address, name: list.name, address: list.address)
    }

    private static func emptyPlace(id: String, name: String, address: String) -> [String: GraphJSON] {
        [
            "id": .string(id), "displayName": .string(name), "emailAddress": .string(address), "address": .null,
            "geoCoordinates": .null, "phone": "", "label": .null, "parentId": .null, "placeId": .string(id),
            "tags": [], "isWheelChairAccessible": false,
        ]
    }

    /// `room` for `microsoft.graph.room` and `graph.room`.
    private static func typeName(_ segment: String) -> String {
        let lower = segment.lowercased()
        for prefix in ["microsoft.graph.", "graph."] where lower.hasPrefix(prefix) {
            return String(lower.dropFirst(prefix.count))
        }
        return ""
    }
}

extension GraphError {
    static let noPlaces = GraphError(
        status: 404, code: "invalid_place", message: "The tenant has no places of this kind.")
    static let methodNotAllowed = GraphError(
        status: 405, code: "Request_BadRequest", message: "The HTTP method is not allowed for this resource.")
}
