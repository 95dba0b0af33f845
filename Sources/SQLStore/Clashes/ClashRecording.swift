import CalendarModel
import ICalendar
import LoopBooking
import SyncEngine

/// Clashes that the engine met, put on the desk: the same two meetings are the same clash, however often they meet.
extension ClashTransaction {
    /// Keeps a clash before anything else that its operation left behind is kept: what the loser's event looked like is
    /// needed to let it stand again.
    func record(_ record: ClashRecord) throws {
        let loser = record.note.loser
        var clash = try known(record.note, link: record.link) ?? Clash(record)
        let decided = clash.state == .decided ? clash.file.decision : nil
        if let decided, try isSame(clash.party(decided.kept), as: record.note.winner, link: record.link) {
            // The same answer as a person gave: nothing new to decide.
            clash.lastAt = record.at
            return try keep(clash)
        }
        clash.note = record.note
        clash.reason = record.reason
        clash.lastAt = record.at
        clash.state = .open
        clash.file.closing = nil
        clash.file.decision = nil
        clash.file.errands = []
        clash.file.lostBooking = try booking(of: loser, link: record.link).map {
            BookingStanding($0, occurrence: loser.occurrence)
        }
        let event = try loser.event ?? pairing(of: loser, link: record.link)?.event
        let observed = try observed(event, link: record.link)
        // Marked already, it says nothing about what it was.
        if observed?.event.holdsRoom == true || clash.file.lostEvent == nil { clash.file.lostEvent = observed }
        try keep(clash)
    }

    private func known(_ note: ClashNote, link: LinkID) throws -> Clash? {
        let candidates = try connection.query(
            """
            SELECT \(Clash.columns) FROM clashes
            WHERE link = $1 AND (winner_booking IN ($2, $4) OR winner_event IN ($3, $5)
                OR loser_booking IN ($2, $4) OR loser_event IN ($3, $5))
            ORDER BY at_us DESC
            """,
            [
                .text(link.rawValue), .optional(note.winner.booking?.rawValue),
                .optional(note.winner.event?.rawValue), .optional(note.loser.booking?.rawValue),
                .optional(note.loser.event?.rawValue),
            ]
        ).map(Clash.init)
        return try candidates.first { clash in
            try isSame(clash.note.winner, as: note.winner, link: link)
                && isSame(clash.note.loser, as: note.loser, link: link)
                || isSame(clash.note.winner, as: note.loser, link: link)
                    && isSame(clash.note.loser, as: note.winner, link: link)
        }
    }

    /// Whether both are the same meeting, or the same occurrence; one may be known by its event, the other by its booking.
    private func isSame(_ party: ClashNote.Party, as other: ClashNote.Party, link: LinkID) throws -> Bool {
        guard party.occurrence == other.occurrence else { return false }
        if let event = party.event, event == other.event { return true }
        if let booking = party.booking, booking == other.booking { return true }
        let known = try booking(of: party, link: link)?.id
        return try known != nil && known == booking(of: other, link: link)?.id
    }
}

extension Clash {
    init(_ record: ClashRecord) {
        let parties = [record.note.winner, record.note.loser].flatMap { party in
            [party.booking?.rawValue, party.event?.rawValue, party.occurrence?.description].map { $0 ?? "" }
        }
        let digest = Fingerprint.of([record.link.rawValue, String(record.at.microseconds)] + parties)
        self.init(
            id: ClashID(String(digest.hex.prefix(12))), link: record.link, note: record.note, reason: record.reason,
            firstAt: record.at, lastAt: record.at, state: .open, file: File())
    }
}

// MARK: - Clashes that solve themselves

extension ClashTransaction {
    /// Closes the open clashes of a link that have solved themselves, and forgets rulings whose meetings are over.
    func closeSolved(of link: Link, at now: Instant) throws {
        try connection.execute(
            "DELETE FROM rulings WHERE link = $1 AND until_us <= $2",
            [.text(link.id.rawValue), .integer(now.microseconds)])
        for var clash in try clashes([.open, .undone], of: link.id) {
            guard let closing = try solution(of: clash, link: link, at: now) else { continue }
            clash.state = .closed
            clash.file.closing = closing
            try keep(clash)
        }
    }

    private func solution(of clash: Clash, link: Link, at now: Instant) throws -> String? {
        guard clash.end > now else { return "Both meetings are over." }
        let (winner, loser) = (clash.note.winner, clash.note.loser)
        if let booking = try booking(of: winner, link: clash.link) {
            guard booking.status.holdsRoom else { return "The meeting that had the room gave it up." }
            guard booking.span(of: winner.occurrence, roomZone: link.roomZone) == winner.span else {
                return "The meeting that had the room was moved away."
            }
        }
        if let lost = clash.file.lostBooking, let booking = try bookings.booking(lost.booking) {
            if booking.status == .cancelled, lost.status != .cancelled {
                return "The meeting that had lost the room was cancelled."
            }
            let standing = BookingStanding(booking, occurrence: loser.occurrence)
            if !standing.holdsSame(as: lost) {
                return "The meeting that had lost the room was moved, or has a room again."
            }
        } else if let before = clash.file.lostEvent, before.event.role == .organizer {
            guard let present = try observed(before.event.id, link: clash.link) else {
                return "The meeting that had lost the room was taken out of the calendar."
            }
            if !present.event.meeting.time.sameTime(as: before.event.meeting.time) {
                return "The meeting that had lost the room was moved away."
            }
        }
        return nil
    }
}

extension Booking {
    /// When the booking is, or one of its occurrences; nil when that was cancelled.
    fileprivate func span(of occurrence: WallTime?, roomZone: ZoneID) -> TimeSpan? {
        guard let occurrence else { return meeting.span }
        return Series(meeting, roomZone: roomZone)?.occurrence(occurrence)?.span
    }
}
