import CalendarModel
import CalendarTime

/// The booking attendant of room mailboxes with AutoAccept, by the room's `Set-CalendarProcessing`.
extension World {
    /// What the attendant makes of a request.
    private enum Verdict {
        case decline
        /// A delegate of the room decides.
        case pend
        /// Without some occurrences that clash, and for a series beyond the booking window until a date only.
        case accept(without: [MailboxOccurrence], until: CivilDate?)
    }

    /// The booking attendant has come to a request.
    func attendantAnswers(_ address: String, _ number: UInt32, _ request: MailboxContent, moved: CivilDate?) {
        let mailbox = graphMailbox(address)
        // A later update or a cancellation has overtaken this request.
        guard let copy = mailbox.items[number], copy.request == request, !copy.isCancelled,
            let place = placeOfAnyTenant(address)
        else { return }
        let rules = place.calendarProcessing
        if copy.response.kind == "accepted" {
            if let moved, let occurrence = copy.occurrence(on: moved), !rules.allowConflicts,
                !taken([occurrence.content.span], except: number, in: mailbox).isEmpty
            {
                declineOccurrence(occurrence, of: copy, address)
            }
            accept(number, in: address, rules, isNew: false)
            return
        }
        switch verdict(on: copy, in: mailbox, rules) {
        case .decline:
            withMailbox(address) { $0.remove(number) }
            reportToOrganizer(copy, MailboxResponse(kind: "declined", at: now()), from: address)
        case .pend: pend(copy, in: address, rules)
        case .accept(let declined, let until):
            if let until {
                withMailbox(address) { mailbox in
                    mailbox.change(number, at: now()) { copy in
                        guard let recurrence = copy.series?.recurrence else { return }
                        copy.series?.recurrence = recurrence.shortened(to: until)
                    }
                }
            }
            accept(number, in: address, rules, isNew: true)
            reportToOrganizer(copy, MailboxResponse(kind: "accepted", at: now()), from: address)
            for occurrence in declined { declineOccurrence(occurrence, of: copy, address) }
        }
    }

    /// `POST /control/v1/mailboxes/{room}/events/{id}/answer`: what a delegate of the room decides. False when there is
    /// no such request.
    package func delegateDecides(_ text: String, _ kind: String, in address: String) -> Bool {
        settleGraph()
        let address = address.lowercased()
        let mailbox = graphMailbox(address)
        guard let id = GraphIdentifier(text), id.mailbox == mailbox.tag, let copy = mailbox.items[id.item],
            !copy.isOrganizer
        else { return false }
        let occurrence = id.occurrence.flatMap { copy.occurrence(on: $0) }
        if kind == "accepted", occurrence == nil, let place = placeOfAnyTenant(address) {
            accept(copy.number, in: address, place.calendarProcessing, isNew: true)
            reportToOrganizer(copy, MailboxResponse(kind: kind, at: now()), from: address)
        } else {
            respond(GraphRow(item: copy, occurrence: occurrence), kind, in: address)
        }
        return true
    }

    private func declineOccurrence(_ occurrence: MailboxOccurrence, of copy: MailboxItem, _ address: String) {
        declineCopy(GraphRow(item: copy, occurrence: occurrence), address)
        reportToOrganizer(
            copy, MailboxResponse(kind: "declined", at: now()), from: address, occurrence: occurrence.date)
    }

    private func pend(_ copy: MailboxItem, in address: String, _ rules: Tenant.CalendarProcessing) {
        let answer = MailboxResponse(kind: "tentativelyAccepted", at: now())
        withMailbox(address) { mailbox in
            mailbox.change(copy.number, at: now()) { copy in
                copy.response = answer
                copy.content.properties["showAs"] = rules.tentativePendingApproval ? "tentative" : "free"
            }
        }
        reportToOrganizer(copy, answer, from: address)
    }

    /// The room's copy counts, and is rewritten.
    private func accept(_ number: UInt32, in address: String, _ rules: Tenant.CalendarProcessing, isNew: Bool) {
        let instant = now()
        let moves = settings.graph.attendantMovesItems && isNew
        withMailbox(address) { mailbox in
            mailbox.change(number, at: instant) { copy in
                if isNew { copy.response = MailboxResponse(kind: "accepted", at: instant) }
                let request = copy.request ?? copy.content
                copy.content.properties["showAs"] = request.properties["showAs"] ?? "busy"
                Self.rewrite(&copy, request, rules)
                if moves { copy.moves &+= 1 }
            }
        }
    }

    /// What `Set-CalendarProcessing` lets the attendant change in the room's copy.
    private static func rewrite(
        _ copy: inout MailboxItem, _ request: MailboxContent, _ rules: Tenant.CalendarProcessing
    ) {
        func rewritten(_ subject: String) -> GraphJSON {
            let kept = rules.deleteSubject ? "" : subject
            guard rules.addOrganizerToSubject else { return .string(kept) }
            return .string(kept.isEmpty ? copy.organizer.name : "\(copy.organizer.name) \(kept)")
        }
        copy.content.properties["subject"] = rewritten(request.text("subject"))
        let emptied: GraphJSON? = rules.deleteComments ? ["contentType": "html", "content": ""] : nil
        if let emptied { copy.content.properties["body"] = emptied }
        let hidesPrivate = rules.removePrivateProperty && request.text("sensitivity") == "private"
        if hidesPrivate { copy.content.properties["sensitivity"] = "normal" }
        for (date, exception) in copy.series?.exceptions ?? [:] where !exception.isCancelled {
            var own = exception.change.properties
            if let subject = own["subject"]?.string, subject != copy.content.text("subject") {
                // Rewritten once already by an earlier request.
                let before =
                    copy.organizer.name.isEmpty ? subject : subject.replacing(copy.organizer.name + " ", with: "")
                own["subject"] = rewritten(before)
            }
            if emptied != nil, own["body"] != nil { own["body"] = emptied }
            if hidesPrivate, own["sensitivity"] != nil { own["sensitivity"] = "normal" }
            copy.series?.exceptions[date]?.change.properties = own
        }
    }

    // MARK: Rules

    private func verdict(on copy: MailboxItem, in mailbox: Mailbox, _ rules: Tenant.CalendarProcessing) -> Verdict {
        let limit = rules.maximumDurationInMinutes
        if limit > 0, copy.content.span.duration > .seconds(limit * 60) { return .decline }
        if copy.series != nil, !rules.allowRecurringMeetings { return .decline }
        let horizon =
            rules.bookingWindowInDays > 0 ? now().advanced(by: .seconds(rules.bookingWindowInDays * 86_400)) : nil
        if let horizon, copy.content.start.instant > horizon { return .decline }
        let all = occurrences(of: copy)
        var until: CivilDate?
        if let horizon, let series = copy.series, isEndless(series) || all.contains(where: { $0.start > horizon }) {
            guard !rules.enforceSchedulingHorizon else { return .decline }
            until = Zones.date(of: horizon, in: series.recurrence.zone.id)
        }
        let asked = all.filter { occurrence in horizon.map { occurrence.start <= $0 } ?? true }
        let taken = rules.allowConflicts ? [] : taken(asked.map(\.span), except: copy.number, in: mailbox)
        let clashing = asked.filter { occurrence in taken.contains { $0.overlaps(occurrence.span) } }
        if !clashing.isEmpty {
            guard copy.series != nil, clashing.count < asked.count,
                clashing.count <= rules.maximumConflictInstances,
                clashing.count * 100 <= rules.conflictPercentageAllowed * asked.count
            else { return .decline }
        }
        let organizer = copy.organizer.address.lowercased()
        func names(_ list: [String]) -> Bool { list.contains { $0.lowercased() == organizer } }
        if rules.allBookInPolicy || names(rules.bookInPolicy) {
            return .accept(without: clashing.compactMap(\.occurrence), until: until)
        }
        return rules.allRequestInPolicy || names(rules.requestInPolicy) ? .pend : .decline
    }

    private struct Asked {
        var span: TimeSpan
        var occurrence: MailboxOccurrence?
        var start: Instant { span.start }
    }

    private func isEndless(_ series: MailboxSeries) -> Bool {
        if case .never = series.recurrence.rule.end { return true }
        return false
    }

    /// Everything that a request asks for, in the five years that Exchange looks ahead.
    private func occurrences(of copy: MailboxItem) -> [Asked] {
        guard copy.series != nil else { return [Asked(span: copy.content.span)] }
        let window = TimeSpan(start: copy.content.start.instant, end: now().advanced(by: .seconds(1825 * 86_400)))
        return copy.occurrences(in: window).map { Asked(span: $0.content.span, occurrence: $0) }
    }

    /// When others hold the room, of those times that meet one of the spans.
    private func taken(_ spans: [TimeSpan], except number: UInt32, in mailbox: Mailbox) -> [TimeSpan] {
        guard let first = spans.map(\.start).min(), let last = spans.map(\.end).max() else { return [] }
        return Self.rows(of: mailbox, in: TimeSpan(start: first, end: last))
            .filter { $0.item.number != number && $0.item.holdsRoom($0.content) }
            .map(\.content.span)
            .filter { other in spans.contains { $0.overlaps(other) } }
    }

    private func placeOfAnyTenant(_ address: String) -> Tenant.PlaceRoom? {
        for tenant in tenants.values {
            if let found = tenant.rooms.first(where: { $0.address.lowercased() == address }) { return found }
        }
        return nil
    }
}
