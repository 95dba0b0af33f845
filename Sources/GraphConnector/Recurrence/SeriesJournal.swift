import CalendarModel
import Foundation

/// What a write in several steps wants of a series, kept on the series itself while it goes on: making the series anew
/// loses what differs from its rule, and who dies before that is written again must leave behind what it was. Whoever
/// reads the series meanwhile finishes the write first.
struct SeriesJournal: Codable, Hashable, Sendable {
    var time: MeetingTime
    var recurrence: Recurrence

    init(_ meeting: Meeting, _ recurrence: Recurrence) {
        time = meeting.time
        self.recurrence = recurrence
    }

    init?(in wire: GraphEvent) {
        guard let text = EventTags.value(of: EventTags.journal, in: wire), !text.isEmpty,
            let journal = try? JSONDecoder().decode(Self.self, from: Data(text.utf8))
        else { return nil }
        self = journal
    }

    /// Exchange keeps long texts, but nobody says how long; a series with more to say than this goes without.
    private static let longest = 24_000

    /// Nil when there is too much to note.
    var property: GraphProperty? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let data = try? encoder.encode(self), data.count <= Self.longest else { return nil }
        return GraphProperty(id: EventTags.journal, value: String(decoding: data, as: UTF8.self))
    }

    /// That nothing is left to do.
    static let done = GraphProperty(id: EventTags.journal, value: "")
}
