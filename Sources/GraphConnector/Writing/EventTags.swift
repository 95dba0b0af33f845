import CalendarModel
import Foundation
import SyncEngine

/// Our tag as an extended property: readable and searchable by us, invisible to people, and kept by Exchange.
enum EventTags {
    /// Made once for this product. Changing it would orphan every event written before.
    static let property = "String {7d0f6c1e-4b0b-4f5e-9c58-2a6d3e1b9f47} Name LoopBookingSync"

    static func property(for tag: EventTag) -> GraphProperty { GraphProperty(id: property, value: text(of: tag)) }

    /// `v1;link;booking;key`. Parts are escaped, so that a `;` in one is not taken for the end of it.
    static func text(of tag: EventTag) -> String {
        "v1;" + [tag.link.rawValue, tag.booking.rawValue, tag.key.rawValue].map(WebText.value).joined(separator: ";")
    }

    static func tag(in event: GraphEvent) -> EventTag? {
        value(of: property, in: event).flatMap(tag(from:))
    }

    static func tag(from text: String) -> EventTag? {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[0] == "v1" else { return nil }
        let values = parts.dropFirst().map { $0.removingPercentEncoding ?? $0 }
        return EventTag(link: LinkID(values[0]), booking: BookingID(values[1]), key: OperationKey(values[2]))
    }

    /// The search for the event with one tag.
    static func filter(for tag: EventTag) -> String {
        let value = text(of: tag).replacing("'", with: "''")
        return "singleValueExtendedProperties/Any(ep: ep/id eq '\(property)' and ep/value eq '\(value)')"
    }

    /// What brings one of our properties along with an event.
    static func expansion(of property: String = Self.property) -> String {
        "singleValueExtendedProperties($filter=id eq '\(property)')"
    }

    /// Where a write in several steps notes what it is about, until it is done.
    static let journal = "String {7d0f6c1e-4b0b-4f5e-9c58-2a6d3e1b9f47} Name LoopBookingSyncSteps"

    static func value(of property: String, in event: GraphEvent) -> String? {
        event.singleValueExtendedProperties?.first { $0.id.lowercased() == property.lowercased() }?.value
    }
}
