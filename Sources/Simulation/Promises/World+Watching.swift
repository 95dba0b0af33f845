import CalendarModel
import ICalendar
import SyncEngine
import TestSupport

/// Looking at everything that is written, at the moment it is.
extension World {
    // MARK: Memory

    func kept(_ effects: [Effect]) {
        for effect in effects {
            switch effect {
            case .pair(let pairing):
                if let event = pairing.event { ledger.paired(pairing.booking, event) }
                if let room = room(of: pairing.link) {
                    lookForSecrets(in: [pairing.eventBase], kept: "a pairing", room)
                    if pairing.origin == .loopBooking, let event = pairing.event, pairing.organizerEvent == nil {
                        sites[room].made[pairing.booking, default: []].insert(event)
                    }
                }
            case .observe(let observed): kept([observed], of: nil)
            case .clash(let record):
                ledger.clash(record.note)
                check(record)
                if let room = room(of: record.link) { lookForSecrets(in: record.reason, kept: "a clash", room) }
            case .tell(let entry):
                if let room = room(of: entry.link) { lookForSecrets(in: entry.sentence, kept: "the history", room) }
                if entry.sentence.isEmpty {
                    note(.nothingLost, "A line of the history says nothing (\(entry.action)).")
                }
            case .end, .forget, .setState: break
            }
        }
    }

    /// - Parameter link: nil for the link of the pass under way.
    func kept(_ observed: [ObservedEvent], of link: LinkID?) {
        guard let room = link.flatMap({ room(of: $0) }) ?? running.last?.pass.room else { return }
        guard !sites[room].withContent else { return }
        lookForSecrets(in: observed.map(\.event.meeting), kept: "an observed event", room)
    }

    func kept(_ intent: Intent) {
        guard let room = room(of: intent.link) else { return }
        digest(intent.operation.action.name)
        for clash in intent.operation.clashes { ledger.clash(clash) }
        switch intent.operation.action {
        case .createBooking(let create): lookForSecrets(in: [create.meeting], kept: "an intent", room)
        case .updateBooking(let update): lookForSecrets(in: [update.meeting], kept: "an intent", room)
        default: break
        }
    }

    private func room(of link: LinkID) -> Int? { sites.firstIndex { $0.link.id == link } }

    // MARK: Both sides

    func wasRead(_ room: Int) { sites[room].lastRead = clock.now }

    func wrote(_ bookings: [Booking], in room: Int) {
        lookForSecrets(in: bookings.filter { $0.origin == .calendar }.map(\.meeting), kept: "a booking", room)
    }

    /// A write that changes nothing is an echo of something.
    func wrote(_ before: Meeting?, _ after: Meeting, _ name: String) {
        // After a lost answer, or on a node that comes late, the same may be written twice.
        guard let before, running.last?.isDisturbed == false,
            before.differences(from: after, among: Set(MeetingField.allCases)).isEmpty
        else { return }
        note(.noEcho, "A write to \(name) changed nothing.")
    }

    /// An event that lost its slot says so from now on, in the fields that people write too.
    func marks(_ id: EventID?, _ meeting: Meeting) {
        guard meeting.subject.hasPrefix("Not booked: "), let label = id.flatMap({ ledger.label(of: $0) }) else {
            return
        }
        ledger[label]?.isMarked = true
    }

    /// What LoopBooking's people write stays there when the policy says so.
    func writes(_ meeting: Meeting, to room: Int) {
        guard !sites[room].withContent, Self.texts(of: meeting).contains(where: { $0.contains("§b") }) else { return }
        note(.privateStaysPrivate, "A booking's content was written into the calendar, against the link's policy.")
    }

    // MARK: Private

    private func lookForSecrets(in meetings: [Meeting], kept place: String, _ room: Int) {
        guard !sites[room].withContent else { return }
        for meeting in meetings {
            for text in Self.texts(of: meeting) { lookForSecrets(in: text, kept: place, room) }
        }
    }

    private func lookForSecrets(in text: String, kept place: String, _ room: Int) {
        guard !sites[room].withContent, text.contains("§c") else { return }
        note(
            .privateStaysPrivate, "The content of a calendar's meeting is kept in \(place), against the link's policy.")
    }

    private static func texts(of meeting: Meeting) -> [String] {
        [meeting.subject, meeting.body, meeting.location]
            + (meeting.recurrence?.exceptions.values.flatMap { [$0.subject, $0.body, $0.location].compactMap { $0 } }
                ?? [])
    }

    // MARK: Clashes

    /// Who wins is the link's policy, and the loser is told why.
    private func check(_ record: ClashRecord) {
        guard let room = room(of: record.link) else { return }
        if record.reason.isEmpty { note(.oneYesPerSlot, "The loser of a clash was told no reason.") }
        let (winner, loser) = (record.note.winner, record.note.loser)
        guard winner.origin != loser.origin else { return }
        let leading = sites[room].link.policy.clash.leading
        // Nobody wins against a meeting that is over.
        if let leading, winner.origin != leading, winner.span.end > record.at {
            note(.oneYesPerSlot, "The \(leading.words.dropFirst(3)) leads, but lost a clash to the other side.")
        }
    }

    /// LoopBooking never holds two confirmed bookings of a room at one time.
    func checkSlots() {
        let revision = bookings.revision
        guard revision != checkedRevision, violation == nil else { return }
        checkedRevision = revision
        let window = TimeSpan(start: clock.now, end: clock.now.advanced(by: .seconds(45 * 86_400)))
        let holding = bookings.all.filter { $0.status == .confirmed }
        for site in sites {
            let spans = holding.filter { $0.room == site.link.room }.flatMap { booking in
                booking.meeting.heldSpans(in: window, roomZone: Times.oslo).map { (booking.id, $0) }
            }
            if let (left, right) = Self.overlap(spans) {
                note(.oneYesPerSlot, "Bookings \(left) and \(right) are both confirmed for one time.")
            }
        }
    }

    /// Two meetings at one time. The occurrences of one series may overlap: they are one meeting's.
    static func overlap<ID: Equatable>(_ spans: [(ID, TimeSpan)]) -> (ID, ID)? {
        var longest: (ID, TimeSpan)?
        for next in spans.filter({ !$0.1.isEmpty }).sorted(by: { $0.1.start < $1.1.start }) {
            if let longest, longest.0 != next.0, longest.1.overlaps(next.1) { return (longest.0, next.0) }
            if next.1.end > longest?.1.end ?? next.1.start { longest = next }
        }
        return nil
    }

    // MARK: Blind

    /// A booking that was just made is not promised while nobody knows what the calendar holds.
    func checkCertainty(_ booking: Booking, _ room: Int) {
        let site = sites[room]
        guard booking.status == .confirmed else { return }
        let slack = Duration.seconds(abs(surroundings.nodeSkew))
        let isUnread = site.lastRead.map { clock.now.since($0) > Self.blindAfter + slack } ?? true
        let isStopped = sync.memory(site.link.id)?.link.state != .active
        if isUnread || isStopped {
            note(.blindIsSaid, "Booking \(booking.id) was confirmed although the calendar could not be read.")
        }
    }
}
