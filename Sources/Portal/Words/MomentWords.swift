import CalendarModel
import CalendarTime
import SQLStore

/// Moments in words for people, in their language and in the zone that the organization lives by.
package struct MomentWords: Sendable {
    private let writer: TimeWriter
    /// Where pages say nothing else about it, each moment names its zone.
    private let namesZone: Bool

    package var zone: ZoneID { writer.zone }

    package init(words: Words, zone: ZoneID, namesZone: Bool = false) {
        writer = TimeWriter(words.language.times, zone: zone)
        self.namesZone = namesZone
    }

    /// `2 Mar 2026, 14:02:11`
    package func moment(_ instant: Instant) -> String {
        namesZone ? "\(writer.moment(instant)) \(zone.name)" : writer.moment(instant)
    }

    /// For `<time datetime="{{exact}}">{{text}}</time>`; null for nil.
    package func values(_ instant: Instant?) -> JSONValue {
        guard let instant else { return .null }
        return ["text": .string(moment(instant)), "exact": .string(Timestamps.rfc3339(instant))]
    }
}

extension PageRequest {
    /// Moments that belong to no room: in the organization's zone, else in the one that most of its rooms are in.
    package func moments() async throws -> MomentWords {
        guard let organization = membership?.organization else {
            return MomentWords(words: words, zone: .utc, namesZone: true)
        }
        if let zone = organization.settings.timeZone { return MomentWords(words: words, zone: zone) }
        return MomentWords(words: words, zone: try await store.commonZone(of: organization.id) ?? .utc)
    }
}
