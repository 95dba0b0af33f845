/// A typed identifier: an opaque string that belongs to one kind of thing, so that a room's id is never taken for a
/// booking's. Encodes as a plain string.
package struct Identifier<Entity>: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ rawValue: String) { self.rawValue = rawValue }

    package var description: String { rawValue }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension Identifier: Codable {
    package init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

extension Identifier: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) { rawValue = value }
}

/// The kinds of thing an ``Identifier`` can belong to.
package enum Kind {
    package enum Organization {}
    package enum Connection {}
    package enum Room {}
    package enum Booking {}
    package enum Event {}
    package enum Link {}
    package enum Pairing {}
    package enum Pass {}
    package enum Operation {}
    package enum Clash {}
}

package typealias OrganizationID = Identifier<Kind.Organization>
package typealias ConnectionID = Identifier<Kind.Connection>
package typealias RoomID = Identifier<Kind.Room>
package typealias BookingID = Identifier<Kind.Booking>
/// An event's id in its resource's calendar. For Graph the immutable id.
package typealias EventID = Identifier<Kind.Event>
package typealias LinkID = Identifier<Kind.Link>
package typealias PairingID = Identifier<Kind.Pairing>
package typealias ClashID = Identifier<Kind.Clash>
package typealias PassID = Identifier<Kind.Pass>
/// Makes one write idempotent: written down before the call, sent to the vendor where it has a place for it.
package typealias OperationKey = Identifier<Kind.Operation>

/// The version of an event or booking that was read; every update is conditional on it. Opaque: an ETag, a change key, a
/// revision number.
package struct Version: Hashable, Sendable, Codable, CustomStringConvertible {
    package let value: String

    package init(_ value: String) { self.value = value }

    package init(from decoder: any Decoder) throws {
        value = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }

    package var description: String { value }
}
