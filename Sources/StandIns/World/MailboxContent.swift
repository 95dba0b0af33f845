import CalendarModel

/// What an event says: its time, and its other writable properties as Graph shows them.
struct MailboxContent: Hashable, Sendable {
    var start: ZonedTime
    var end: ZonedTime
    var isAllDay: Bool
    /// By Graph's property name, checked and completed by `GraphEventProperty`.
    var properties: [String: GraphJSON]

    var span: TimeSpan { TimeSpan(start: start.instant, end: end.instant) }

    func text(_ name: String) -> String { properties[name]?.string ?? "" }

    /// Whether the event has a moment in common with a window; an event without length belongs to where it starts.
    func overlaps(_ window: TimeSpan) -> Bool {
        let span = span
        return span.isEmpty ? window.contains(span.start) : span.overlaps(window)
    }

    func applying(_ change: MailboxChange) -> MailboxContent {
        MailboxContent(
            start: change.start ?? start, end: change.end ?? end, isAllDay: change.isAllDay ?? isAllDay,
            properties: properties.merging(change.properties) { _, new in new })
    }
}

/// Some properties with new values: a PATCH, or what one occurrence has of its own.
struct MailboxChange: Hashable, Sendable {
    var start: ZonedTime?
    var end: ZonedTime?
    var isAllDay: Bool?
    var properties: [String: GraphJSON] = [:]

    var movesTime: Bool { start != nil || end != nil || isAllDay != nil }
    var isEmpty: Bool { !movesTime && properties.isEmpty }

    func followed(by later: MailboxChange) -> MailboxChange {
        MailboxChange(
            start: later.start ?? start, end: later.end ?? end, isAllDay: later.isAllDay ?? isAllDay,
            properties: properties.merging(later.properties) { _, new in new })
    }
}
