import CalendarModel
import CalendarTime

/// Meetings between mailboxes of one tenant: requests, updates, cancellations and answers, and the booking attendant of
/// room mailboxes.
extension World {
    static func addresses(of content: MailboxContent) -> [String] {
        (content.properties["attendees"]?.array ?? []).compactMap {
            $0["emailAddress"]?["address"]?.string?.lowercased()
        }
    }

    /// Brings an organizer's event to its attendees' calendars.
    ///
    /// - Parameters:
    ///   - before: Who was invited before; those who no longer are get a cancellation.
    ///   - timesChanged: Whether everybody has to answer anew.
    ///   - movedOccurrence: The original date of the one occurrence that was moved.
    func sendToAttendees(
        of item: MailboxItem, tenantID: String, before: [String], timesChanged: Bool, movedOccurrence: CivilDate? = nil
    ) {
        let invited = Self.addresses(of: item.content)
        cancelCopies(of: item, tenantID: tenantID, at: before.filter { !invited.contains($0) })
        for address in invited where address != item.organizer.address.lowercased() {
            let place = room(at: address, tenantID: tenantID)
            let hasMailbox = place != nil || user(address, tenantID: tenantID)?.hasMailbox == true
            // Without any processing the request stays in the inbox: nothing comes into the calendar.
            guard hasMailbox, place?.calendarProcessing.automateProcessing != "None" else { continue }
            let number = putCopy(of: item, into: address, timesChanged: timesChanged)
            if place?.calendarProcessing.automateProcessing == "AutoAccept", let number {
                let due = now().advanced(by: .milliseconds(settings.attendantDelayMilliseconds))
                schedule(
                    .attendant(
                        mailbox: address, item: number, request: item.content, movedOccurrence: movedOccurrence),
                    at: due)
            }
        }
    }

    /// The attendee's copy as the request makes it: tentative, as the organizer wrote it.
    private func putCopy(of original: MailboxItem, into address: String, timesChanged: Bool) -> UInt32? {
        let instant = now()
        return withMailbox(address) { mailbox in
            guard let existing = mailbox.item(uid: original.uid) else {
                return mailbox.insert(at: instant) { number in
                    var copy = MailboxItem(
                        number: number, uid: original.uid, createdAt: instant, modifiedAt: instant,
                        content: original.content, series: original.series, organizer: original.organizer,
                        isOrganizer: false, response: MailboxResponse(kind: "notResponded"))
                    copy.content.properties["showAs"] = "tentative"
                    copy.request = original.content
                    return copy
                }
                .number
            }
            guard !existing.isOrganizer else { return nil }
            mailbox.change(existing.number, at: instant) { copy in
                copy.content = original.content
                copy.series = original.series
                copy.request = original.content
                copy.isCancelled = false
                if timesChanged { copy.response = MailboxResponse(kind: "notResponded") }
                if copy.response.kind != "accepted" { copy.content.properties["showAs"] = "tentative" }
            }
            return existing.number
        }
    }

    /// The organizer cancelled: the copies go away, or stay and say so.
    func cancelCopies(of original: MailboxItem, tenantID: String, at addresses: [String]) {
        let instant = now()
        for address in addresses {
            let removes = room(at: address, tenantID: tenantID)?.calendarProcessing.removeCanceledMeetings == true
            guard let copy = graphMailbox(address).item(uid: original.uid), !copy.isOrganizer else { continue }
            withMailbox(address) { mailbox in
                if removes {
                    mailbox.remove(copy.number)
                } else {
                    mailbox.change(copy.number, at: instant) { copy in
                        copy.isCancelled = true
                        copy.content.properties["subject"] = .string("Canceled: " + copy.content.text("subject"))
                        copy.content.properties["showAs"] = "free"
                    }
                }
            }
        }
    }

    /// `POST …/events/{id}/cancel`
    func graphCancelEvent(_ request: GraphRequest, _ access: MailboxAccess, _ id: String) throws(GraphError)
        -> GraphReply
    {
        _ = try request.optionalObject()
        let row = try item(id, access)
        guard row.item.isOrganizer else {
            throw .invalidRequest(
                "Your request can't be completed. You need to be an organizer to cancel a meeting.")
        }
        removeRow(row, access)
        return .accepted
    }

    /// `POST …/events/{id}/accept`, `tentativelyAccept`, `decline`
    func graphRespond(
        _ request: GraphRequest, _ access: MailboxAccess, _ id: String, _ kind: String
    ) throws(GraphError) -> GraphReply {
        let body = try request.optionalObject()
        let row = try item(id, access)
        guard !row.item.isOrganizer else {
            throw .invalidRequest(
                "Your request can't be completed. You can't respond to this meeting because you're the meeting "
                    + "organizer.")
        }
        let answer = MailboxResponse(kind: kind, at: now())
        if kind == "declined" {
            declineCopy(row, access.address)
        } else {
            withMailbox(access.address) { mailbox in
                mailbox.change(row.item.number, at: now()) { copy in
                    copy.response = answer
                    copy.content.properties["showAs"] =
                        kind == "accepted" ? copy.request?.properties["showAs"] ?? "busy" : "tentative"
                }
            }
        }
        if (body["sendResponse"] ?? body["SendResponse"])?.bool ?? true {
            reportToOrganizer(row.item, answer, from: access.address, occurrence: row.occurrence?.date)
        }
        return .accepted
    }

    /// Takes a declined meeting, or one occurrence of it, out of an attendee's calendar.
    private func declineCopy(_ row: GraphRow, _ address: String) {
        let instant = now()
        withMailbox(address) { mailbox in
            guard let occurrence = row.occurrence else { return mailbox.remove(row.item.number) }
            mailbox.change(row.item.number, at: instant) { copy in
                copy.series?.cancelled.insert(occurrence.date)
                copy.series?.exceptions[occurrence.date] = nil
            }
        }
    }

    /// Notes an attendee's answer on the organizer's event.
    private func reportToOrganizer(
        _ copy: MailboxItem, _ answer: MailboxResponse, from address: String, occurrence: CivilDate? = nil
    ) {
        let organizer = copy.organizer.address
        guard let original = graphMailbox(organizer).item(uid: copy.uid), original.isOrganizer else { return }
        let instant = now()
        func answered(_ attendees: GraphJSON?) -> GraphJSON {
            .array(
                (attendees?.array ?? []).map { attendee in
                    guard attendee["emailAddress"]?["address"]?.string?.lowercased() == address,
                        case .object(var members) = attendee
                    else { return attendee }
                    members["status"] = GraphEventWriter.response(answer)
                    return .object(members)
                })
        }
        withMailbox(organizer) { mailbox in
            let key = mailbox.sequence + 1
            mailbox.change(original.number, at: instant) { item in
                guard let occurrence else {
                    item.content.properties["attendees"] = answered(item.content.properties["attendees"])
                    return
                }
                var exception = item.series?.exceptions[occurrence] ?? MailboxException(modifiedAt: instant)
                exception.change.properties["attendees"] = answered(
                    exception.change.properties["attendees"] ?? item.content.properties["attendees"])
                exception.changeKey = key
                exception.modifiedAt = instant
                item.series?.exceptions[occurrence] = exception
            }
        }
    }

    /// The booking attendant has come to a request.
    func attendantAnswers(_ address: String, _ number: UInt32, _ request: MailboxContent, moved: CivilDate?) {
        let mailbox = graphMailbox(address)
        // A later update or a cancellation has overtaken this request.
        guard let copy = mailbox.items[number], copy.request == request, !copy.isCancelled,
            let place = placeOfAnyTenant(address)
        else { return }
        let rules = place.calendarProcessing
        let alreadyAccepted = copy.response.kind == "accepted"
        if !alreadyAccepted, mustDecline(copy, in: mailbox, rules) {
            withMailbox(address) { $0.remove(number) }
            reportToOrganizer(copy, MailboxResponse(kind: "declined", at: now()), from: address)
            return
        }
        if alreadyAccepted, let moved, let occurrence = copy.occurrence(on: moved), !rules.allowConflicts,
            clashes([occurrence.content.span], except: number, in: mailbox)
        {
            declineCopy(GraphRow(item: copy, occurrence: occurrence), address)
            reportToOrganizer(copy, MailboxResponse(kind: "declined", at: now()), from: address, occurrence: moved)
        }
        let instant = now()
        let moves = settings.graph.attendantMovesItems && !alreadyAccepted
        withMailbox(address) { mailbox in
            mailbox.change(number, at: instant) { copy in
                if !alreadyAccepted { copy.response = MailboxResponse(kind: "accepted", at: instant) }
                copy.content.properties["showAs"] = request.properties["showAs"] ?? "busy"
                Self.rewrite(&copy, request, rules)
                if moves { copy.moves &+= 1 }
            }
        }
        if !alreadyAccepted {
            reportToOrganizer(copy, MailboxResponse(kind: "accepted", at: instant), from: address)
        }
    }

    /// What `Set-CalendarProcessing` lets the attendant change in the room's copy.
    private static func rewrite(
        _ copy: inout MailboxItem, _ request: MailboxContent, _ rules: Tenant.CalendarProcessing
    ) {
        var subject = rules.deleteSubject ? "" : request.text("subject")
        if rules.addOrganizerToSubject {
            subject = subject.isEmpty ? copy.organizer.name : "\(copy.organizer.name) \(subject)"
        }
        var changed: [String: GraphJSON] = ["subject": .string(subject)]
        if rules.deleteComments { changed["body"] = ["contentType": "html", "content": ""] }
        if rules.removePrivateProperty, request.text("sensitivity") == "private" { changed["sensitivity"] = "normal" }
        copy.content.properties.merge(changed) { _, new in new }
        for date in (copy.series?.exceptions ?? [:]).keys {
            for (name, value) in changed where copy.series?.exceptions[date]?.change.properties[name] != nil {
                copy.series?.exceptions[date]?.change.properties[name] = value
            }
        }
    }

    /// A single request is declined for a clash or for lying beyond the booking window; a series for its first clash, or
    /// when it runs past the window.
    private func mustDecline(_ copy: MailboxItem, in mailbox: Mailbox, _ rules: Tenant.CalendarProcessing) -> Bool {
        let horizon = now().advanced(by: .seconds(rules.bookingWindowInDays * 86_400))
        var spans = [copy.content.span]
        if rules.bookingWindowInDays > 0, copy.content.start.instant > horizon { return true }
        if let series = copy.series {
            if case .never = series.recurrence.rule.end, rules.bookingWindowInDays > 0 { return true }
            let window = TimeSpan(start: copy.content.start.instant, end: now().advanced(by: .seconds(1825 * 86_400)))
            spans = copy.occurrences(in: window).map(\.content.span)
            if rules.bookingWindowInDays > 0, let last = spans.last, last.start > horizon { return true }
        }
        return !rules.allowConflicts && clashes(spans, except: copy.number, in: mailbox)
    }

    private func clashes(_ spans: [TimeSpan], except number: UInt32, in mailbox: Mailbox) -> Bool {
        guard let first = spans.map(\.start).min(), let last = spans.map(\.end).max() else { return false }
        let taken = Self.rows(of: mailbox, in: TimeSpan(start: first, end: last))
            .filter { $0.item.number != number && $0.item.holdsRoom($0.content) }
            .map(\.content.span)
        return spans.contains { span in taken.contains { $0.overlaps(span) } }
    }

    private func placeOfAnyTenant(_ address: String) -> Tenant.PlaceRoom? {
        for tenant in tenants.values {
            if let found = tenant.rooms.first(where: { $0.address.lowercased() == address }) { return found }
        }
        return nil
    }
}
