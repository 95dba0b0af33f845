/// A wall time with the vendor's name of its zone: `2017-04-15T11:00:00.0000000`.
struct GraphDateTime: Codable, Sendable, Hashable {
    var dateTime: String
    var timeZone: String?
}

struct GraphBody: Codable, Sendable, Hashable {
    var contentType: String?
    var content: String?
}

struct GraphRecipient: Codable, Sendable, Hashable {
    var emailAddress: GraphAddress?
}

struct GraphAddress: Codable, Sendable, Hashable {
    var name: String?
    var address: String?
}

struct GraphResponse: Codable, Sendable, Hashable {
    var response: String?
}

struct GraphAttendee: Codable, Sendable, Hashable {
    var type: String?
    var status: GraphResponse?
    var emailAddress: GraphAddress?
}

struct GraphLocation: Codable, Sendable, Hashable {
    var displayName: String?
    var locationType: String?
    var locationEmailAddress: String?
}

/// A single-value extended property.
struct GraphProperty: Codable, Sendable, Hashable {
    var id: String
    var value: String
}

/// A page of a list. An item that cannot be read at all is left out, and counted.
struct GraphPage<Item: Decodable & Sendable>: Decodable, Sendable {
    let items: [Item]
    let unreadable: Int
    let nextLink: String?
    let deltaLink: String?

    private enum CodingKeys: String, CodingKey {
        case value
        case nextLink = "@odata.nextLink"
        case deltaLink = "@odata.deltaLink"
    }

    private struct Lenient: Decodable {
        let item: Item?
        init(from decoder: any Decoder) throws { item = try? Item(from: decoder) }
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let read = try fields.decode([Lenient].self, forKey: .value)
        items = read.compactMap(\.item)
        unreadable = read.count - items.count
        nextLink = fields.lenient(.nextLink)
        deltaLink = fields.lenient(.deltaLink)
    }
}

/// A room of the places list. Numbers come as text in older tenants.
struct GraphPlace: Decodable, Sendable {
    let emailAddress: String?
    let displayName: String?
    let capacity: Int?
    let building: String?
    let floor: String?

    private enum CodingKeys: String, CodingKey {
        case emailAddress, displayName, nickname, capacity, building, floorNumber, floorLabel
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        emailAddress = fields.lenient(.emailAddress)
        displayName = fields.lenient(.displayName) ?? fields.lenient(.nickname)
        let capacityText: String? = fields.lenient(.capacity)
        capacity = fields.lenient(.capacity) ?? capacityText.flatMap { Int($0) }
        building = fields.lenient(.building)
        let floorNumber: Int? = fields.lenient(.floorNumber)
        let floorText: String? = fields.lenient(.floorNumber)
        floor = fields.lenient(.floorLabel) ?? floorNumber.map { String($0) } ?? floorText
    }
}

/// A calendar with what we may do to it.
struct GraphCalendar: Decodable, Sendable {
    let name: String?
    let owner: GraphAddress?
    let canEdit: Bool?
    let canViewPrivateItems: Bool?

    private enum CodingKeys: String, CodingKey { case name, owner, canEdit, canViewPrivateItems }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        name = fields.lenient(.name)
        owner = fields.lenient(.owner)
        canEdit = fields.lenient(.canEdit)
        canViewPrivateItems = fields.lenient(.canViewPrivateItems)
    }
}

/// Graph's error body.
struct GraphErrorBody: Decodable, Sendable {
    let code: String
    /// Only for telling apart what has no code of its own; never shown or logged, because it may quote content.
    let message: String
    let requestID: String?

    private enum CodingKeys: String, CodingKey { case error }
    private struct Fields: Decodable {
        let code: String?
        let message: String?
        let innerError: Inner?
        let innererror: Inner?
    }
    private struct Inner: Decodable {
        let requestID: String?
        private enum CodingKeys: String, CodingKey { case requestID = "request-id" }
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self).decode(Fields.self, forKey: .error)
        code = fields.code ?? ""
        message = fields.message ?? ""
        requestID = fields.innerError?.requestID ?? fields.innererror?.requestID
    }
}
