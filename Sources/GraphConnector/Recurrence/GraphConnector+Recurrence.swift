import CalendarModel
import Foundation

/// Recurrence in Graph's words on its own, for looking at.
extension GraphConnector {
    /// The `recurrence` that would be sent for a series, as JSON with sorted keys; nil when Exchange cannot hold the
    /// series, and for a single meeting.
    package static func recurrenceJSON(of meeting: Meeting, roomZone: ZoneID) -> String? {
        guard let recurrence = meeting.recurrence,
            let form = try? SeriesForm(meeting, recurrence, roomZone: roomZone)
        else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return (try? encoder.encode(form.recurrence)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The rule that a `recurrence` of Graph's means; nil when it cannot be understood.
    package static func rule(ofRecurrenceJSON json: String) -> RecurrenceRule? {
        guard let wire = try? JSONDecoder().decode(GraphRecurrence.self, from: Data(json.utf8)) else { return nil }
        return try? RecurrenceReader.rule(wire)
    }
}
