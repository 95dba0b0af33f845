import CalendarModel
import CalendarTime
import LoopBooking
import SQLStore
import SyncEngine

/// One booking's story in plain words, from LoopBooking's change feed and the engine's history.
package struct BookingStory: Codable, Sendable {
    package struct Line: Codable, Sendable {
        /// RFC 3339, UTC.
        package var at: String
        package var who: String
        package var what: String
    }

    /// The story, oldest line first.
    /// - Throws: `DeskError.noSuchBooking`.
    package static func read(
        _ id: BookingID, organization: OrganizationID, store: Store, desk: BookingDesk
    ) async throws -> [Line] {
        let booking = try await desk.booking(id)
        var lines: [(at: Instant, order: Int, line: Line)] = []
        for change in try await desk.changes(of: booking.id) {
            // What the engine did stands in its own history, with the reason.
            if case .sync = change.author { continue }
            lines.append(
                (change.at, 0, Line(at: text(change.at), who: change.author.name, what: words(for: change))))
        }
        for entry in try await store.history(of: id, in: organization) {
            lines.append((entry.at, 1, Line(at: text(entry.at), who: "sync", what: entry.sentence)))
        }
        return lines.sorted { ($0.at, $0.order) < ($1.at, $1.order) }.map(\.line)
    }

    private static func text(_ instant: Instant) -> String { Timestamps.rfc3339(instant, fractionDigits: 3) }

    private static func words(for change: BookingChangeRecord) -> String {
        let verb =
            switch change.kind {
            case .created: "Booked in LoopBooking"
            case .changed: "Changed in LoopBooking"
            case .moved: "Moved in LoopBooking"
            case .cancelled: "Cancelled in LoopBooking"
            case .refused: "Refused"
            case .confirmed: "Confirmed"
            case .pending: "Held"
            }
        let times = "\(Timestamps.rfc3339(change.span.start)) to \(Timestamps.rfc3339(change.span.end))"
        return verb + " (\(times))" + (change.reason.map { ": \($0)" } ?? ".")
    }
}
