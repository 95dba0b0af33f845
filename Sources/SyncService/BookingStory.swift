import CalendarModel
import CalendarTime
import ICalendar
import LoopBooking
import SQLStore
import SyncEngine

/// One booking's story in plain words: what people did in LoopBooking, what crossed, what was refused and why, clashes with
/// what was decided about them, and what was mended. Times are in the room's zone, which is named.
package struct BookingStory: Codable, Sendable {
    package struct Line: Codable, Sendable, Hashable {
        /// RFC 3339, UTC.
        package var at: String
        /// The same in words, in the room's zone.
        package var when: String
        package var who: String
        package var what: String
    }

    /// The story, oldest line first.
    /// - Throws: `DeskError.noSuchBooking`.
    package static func read(
        _ id: BookingID, organization: OrganizationID, store: Store, desk: BookingDesk
    ) async throws -> [Line] {
        let booking = try await desk.booking(id)
        // A room that was taken away keeps its stories.
        let zone = (try? await desk.room(booking.room))?.zone ?? .utc
        let changes = try await desk.changes(of: booking.id)
        let teller = StoryTeller(booking: booking, zone: zone, changes: changes)
        var told: [StoryTeller.Told] = []
        for change in changes {
            // What the engine did stands in its own history, with the reason.
            if case .sync = change.author { continue }
            told.append(teller.tell(change))
        }
        for entry in try await store.history(of: id, in: organization) { told.append(teller.tell(entry)) }
        let clashes = try await store.readClashes(of: organization) { transaction in
            try transaction.clashes(near: id).compactMap { clash in
                try Clash.Party.allCases.first { party in
                    try transaction.booking(of: clash.party(party), link: clash.link)?.id == id
                }.map { (clash, $0) }
            }
        }
        for (clash, party) in clashes { told += teller.tell(clash, as: party) }
        return told.sorted { ($0.at, $0.order) < ($1.at, $1.order) }.map { line in
            Line(
                at: Timestamps.rfc3339(line.at, fractionDigits: 3), when: TimeWords.moment(line.at, in: zone),
                who: line.who, what: line.what)
        }
    }
}

/// Words for what happened to one booking.
struct StoryTeller {
    struct Told {
        var at: Instant
        /// Of what happened at the same instant, what people did comes first.
        var order: Int
        var who: String
        var what: String
    }

    let booking: Booking
    let zone: ZoneID
    /// The revision at which each occurrence of the series was changed last.
    private let lastChanged: [WallTime: Int64]

    init(booking: Booking, zone: ZoneID, changes: [BookingChangeRecord]) {
        self.booking = booking
        self.zone = zone
        let mentions = changes.flatMap { change in change.occurrences.map { ($0.original, change.revision) } }
        lastChanged = Dictionary(mentions, uniquingKeysWith: max)
    }

    func tell(_ entry: HistoryEntry) -> Told { Told(at: entry.at, order: 1, who: "sync", what: entry.sentence) }

    func tell(_ change: BookingChangeRecord) -> Told {
        let reason = change.reason.map { ": \($0)" } ?? "."
        return Told(at: change.at, order: 0, who: change.author.name, what: words(for: change) + reason)
    }

    private func words(for change: BookingChangeRecord) -> String {
        if !change.occurrences.isEmpty {
            return "In LoopBooking " + change.occurrences.map { words(for: $0, in: change) }.joined(separator: "; ")
        }
        let when = TimeWords.span(change.span, in: zone)
        switch change.kind {
        case .created: return "Booked in LoopBooking for \(when)\(repeats)"
        case .moved: return "Moved in LoopBooking to \(when)"
        case .cancelled: return "Cancelled in LoopBooking (\(when))"
        case .refused: return "Refused (\(when))"
        case .confirmed: return "Confirmed for \(when)"
        case .pending: return "Held for \(when)"
        case .changed:
            let names = change.fields.sorted().map(\.words).joined(separator: ", ")
            return "Changed in LoopBooking" + (names.isEmpty ? "" : " (\(names))")
        }
    }

    private func words(for note: OccurrenceNote, in change: BookingChangeRecord) -> String {
        let meeting = "the meeting on \(TimeWords.date(note.original.date))"
        switch note.kind {
        case .cancelled: return "\(meeting) was cancelled"
        case .changed: return "\(meeting) was changed"
        case .restored: return "\(meeting) was put back as the series has it"
        case .moved:
            // Where it was moved to is known of its last move only.
            guard lastChanged[note.original] == change.revision,
                let time = booking.meeting.recurrence?.exceptions[note.original]?.time
            else { return "\(meeting) was moved" }
            return "\(meeting) was moved to \(TimeWords.time(time, in: zone))"
        }
    }

    private var repeats: String { booking.meeting.recurrence == nil ? "" : ", repeating" }

    // MARK: Clashes

    func tell(_ clash: Clash, as party: Clash.Party) -> [Told] {
        var lines: [Told] = []
        let one = clash.party(party).occurrence.map { "The meeting on \(TimeWords.date($0.date))" } ?? "It"
        if party == .a {
            // The loser's story has it already, with the reason it was refused for.
            let other = clash.note.loser.origin == .calendar ? "in the calendar" : "in LoopBooking"
            let what = "\(one) kept the room: another meeting, made \(other), wanted it too."
            lines.append(Told(at: clash.firstAt, order: 2, who: "sync", what: what))
        }
        guard let decision = clash.file.decision else { return lines }
        // Where the booking itself was changed by the decision, its own line says so.
        if !decision.before.contains(where: { $0.booking == booking.id }) {
            let what =
                decision.kept == party
                ? "\(one) keeps the room, whatever the link's policy says." : "\(one) does not get the room."
            lines.append(Told(at: decision.at, order: 0, who: decision.author, what: "Clash decided: \(what)"))
        }
        if let remark = decision.remark, party == .b {
            lines.append(Told(at: decision.at, order: 3, who: "sync", what: remark))
        }
        if let at = decision.undoneAt, let author = decision.undoneBy,
            !decision.before.contains(where: { $0.booking == booking.id })
        {
            lines.append(Told(at: at, order: 0, who: author, what: "The decision about the clash was taken back."))
        }
        return lines
    }
}
