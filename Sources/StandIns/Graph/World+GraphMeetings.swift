import CalendarModel
import CalendarTime

/// Meetings between mailboxes of one tenant: requests, updates and cancellations.
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
    ///   - newcomers: When only these are to hear of it.
    func sendToAttendees(
        of item: MailboxItem, tenantID: String, before: [String], timesChanged: Bool,
        movedOccurrence: CivilDate? = nil, newcomers: [String]? = nil
    ) {
        let invited = Self.addresses(of: item.content)
        cancelCopies(of: item, tenantID: tenantID, at: before.filter { !invited.contains($0) })
        for address in newcomers ?? invited where address != item.organizer.address.lowercased() {
            let place = room(at: address, tenantID: tenantID)
            let hasMailbox = place != nil || user(address, tenantID: tenantID)?.hasMailbox == true
            // Without any processing the request stays in the inbox: nothing comes into the calendar.
            guard hasMailbox, place?.calendarProcessing.automateProcessing != "None" else { continue }
            let cancelledStay =
                settings.graph.cancelledOccurrencesStay && place?.calendarProcessing.removeCanceledMeetings == false
            let number = putCopy(
                of: item, into: address, timesChanged: timesChanged, moved: movedOccurrence,
                cancelledStay: cancelledStay)
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
    private func putCopy(
        of original: MailboxItem, into address: String, timesChanged: Bool, moved: CivilDate?, cancelledStay: Bool
    ) -> UInt32? {
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
                    copy.requestRecurrence = original.series?.recurrence
                    return copy
                }
                .number
            }
            guard !existing.isOrganizer else { return nil }
            let key = mailbox.sequence + 1
            mailbox.change(existing.number, at: instant) { copy in
                copy.content = original.content
                copy.follow(original, moved: moved, cancelledStay: cancelledStay, changeKey: key, at: instant)
                copy.request = original.content
                copy.requestRecurrence = original.series?.recurrence
                copy.organizer = original.organizer
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

    /// `POST …/events/{id}/forward`: whoever was not invited yet is, by the organizer's own event, whoever forwards it.
    func graphForward(_ request: GraphRequest, _ access: MailboxAccess, _ id: String) throws(GraphError) -> GraphReply {
        let body = Dictionary(
            try request.object().map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
        let given = body["torecipients"]?.array ?? []
        guard !given.isEmpty else { throw .invalidRequest("The forwarded message needs a recipient.") }
        let row = try item(id, access)
        guard let original = graphMailbox(row.item.organizer.address).item(uid: row.item.uid), original.isOrganizer
        else { return .accepted }
        let invited = Self.addresses(of: original.content)
        let newcomers = given.filter { recipient in
            guard let address = recipient["emailAddress"]?["address"]?.string?.lowercased() else { return false }
            return !invited.contains(address)
        }
        let attendees = try newcomers.map { (recipient) throws(GraphError) in
            try GraphEventProperty.attendee(["type": "required", "emailAddress": recipient["emailAddress"] ?? .null])
        }
        let instant = now()
        withMailbox(original.organizer.address) { mailbox in
            mailbox.change(original.number, at: instant) { item in
                item.content.properties["attendees"] = .array(
                    (item.content.properties["attendees"]?.array ?? []) + attendees)
            }
        }
        guard let changed = graphMailbox(original.organizer.address).items[original.number] else { return .accepted }
        sendToAttendees(
            of: changed, tenantID: access.tenantID, before: invited, timesChanged: false,
            newcomers: newcomers.compactMap { $0["emailAddress"]?["address"]?.string?.lowercased() })
        return .accepted
    }
}

extension MailboxItem {
    /// One occurrence leaves the series.
    mutating func takeOut(_ date: CivilDate) {
        series?.cancelled.insert(date)
        series?.exceptions[date] = nil
    }

    /// An attendee's copy takes over the organizer's series. While the rule and the time stay, so does what the
    /// attendee took out of its copy or had shortened; a series made anew brings all of it back.
    fileprivate mutating func follow(
        _ original: MailboxItem, moved: CivilDate?, cancelledStay: Bool, changeKey: Int, at instant: Instant
    ) {
        guard let theirs = original.series, let own = series, requestRecurrence == theirs.recurrence,
            request.map({ $0.start == original.content.start && $0.end == original.content.end }) == true
        else {
            series = original.series
            return
        }
        var merged = theirs
        merged.recurrence = own.recurrence
        merged.cancelled.formUnion(own.cancelled.subtracting([moved].compactMap { $0 }))
        for date in merged.cancelled { merged.exceptions[date] = nil }
        for (date, exception) in own.exceptions where exception.isCancelled { merged.exceptions[date] = exception }
        if cancelledStay {
            for date in theirs.cancelled.subtracting(own.cancelled) {
                var exception = own.exceptions[date] ?? MailboxException(modifiedAt: instant)
                let subject = exception.change.properties["subject"]?.string ?? content.text("subject")
                exception.isCancelled = true
                exception.changeKey = changeKey
                exception.change.properties["subject"] = .string("Canceled: " + subject)
                exception.change.properties["showAs"] = "free"
                merged.exceptions[date] = exception
                merged.cancelled.remove(date)
            }
        }
        series = merged
    }
}
