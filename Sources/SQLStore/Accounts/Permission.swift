/// What somebody may do. Roles of people and scopes of API tokens are sets of these.
package enum Permission: String, Hashable, Sendable, Codable, CaseIterable {
    /// See rooms, bookings, links and what is wrong with them.
    case read
    /// Make, change and cancel bookings and rooms' bookings.
    case book
    /// Decide clashes, mend drift, pause and resume links, look for trouble.
    case desk
    /// Rooms, connections, links, people, tokens, settings.
    case administer
    /// The installation as a whole, every organization included.
    case operate
}

/// What a person is in an organization. Operators are it in every organization, by their account.
package enum Role: String, Hashable, Sendable, Codable, CaseIterable {
    case administrator, receptionist, viewer

    package var permissions: Set<Permission> {
        switch self {
        case .administrator: [.read, .book, .desk, .administer]
        case .receptionist: [.read, .book, .desk]
        case .viewer: [.read]
        }
    }
}

extension Set<Permission> {
    /// Everything within one organization: what a token without stated scopes may do.
    package static let wholeOrganization: Set<Permission> = [.read, .book, .desk, .administer]

    /// As it is kept: words with spaces between them, in a fixed order.
    package var words: String { Permission.allCases.filter(contains).map(\.rawValue).joined(separator: " ") }

    package init(words: String) {
        self = Set(words.split(separator: " ").compactMap { Permission(rawValue: String($0)) })
    }
}
