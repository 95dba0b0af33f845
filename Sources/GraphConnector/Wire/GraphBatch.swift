import Foundation

/// One request inside a batch; its URL is relative to the version.
struct BatchItem: Encodable, Sendable {
    let id: String
    let method: String
    let url: String
    var headers: [String: String]
    var body: JSONValue?
    var dependsOn: [String]?
}

struct OutgoingBatch: Encodable, Sendable {
    let requests: [BatchItem]
}

/// One answer inside a batch.
struct BatchAnswer: Decodable, Sendable {
    let id: String
    let status: Int
    let headers: [String: String]
    let body: JSONValue?

    private enum CodingKeys: String, CodingKey { case id, status, headers, body }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        status = try fields.decode(Int.self, forKey: .status)
        headers = fields.lenient(.headers) ?? [:]
        body = fields.lenient(.body)
    }

    var isSuccess: Bool { (200..<300).contains(status) }

    func header(_ name: String) -> String? { headers.first { $0.key.lowercased() == name.lowercased() }?.value }

    /// The body as if it had come alone.
    var data: Data { body.flatMap { try? JSONEncoder().encode($0) } ?? Data() }
}

struct BatchAnswers: Decodable, Sendable {
    let responses: [BatchAnswer]
}

/// Any JSON: the bodies inside a batch are of as many types as there are requests.
enum JSONValue: Codable, Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let integer = try? value.decode(Int64.self) {
            self = .integer(integer)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([JSONValue].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: JSONValue].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .null: try value.encodeNil()
        case .bool(let bool): try value.encode(bool)
        case .integer(let integer): try value.encode(integer)
        case .number(let number): try value.encode(number)
        case .text(let text): try value.encode(text)
        case .list(let list): try value.encode(list)
        case .object(let object): try value.encode(object)
        }
    }

    /// Any encodable value as JSON; nil when it cannot be encoded.
    init?(encoding value: some Encodable) {
        guard let data = try? JSONEncoder().encode(value),
            let json = try? JSONDecoder().decode(JSONValue.self, from: data)
        else { return nil }
        self = json
    }
}
