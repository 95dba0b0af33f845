import CalendarModel
import CalendarTime

/// What invited people and rooms answer, and how the organizer hears of it.
extension World {
    /// `POST …/events/{id}/accept`, `tentativelyAccept`, `decline`
    func graphRespond(
        _ request: GraphRequest, _ access: MailboxAccess, _ id: String, _ kind: String
    ) throws(GraphError) -> GraphReply {
        let body = Dictionary(
            try request.optionalObject().map { ($0.key.lowercased(), $0.value) },
            uniquingKeysWith: { first, _ in first })
        let row = try item(id, access)
        guard !row.item.isOrganizer else {
            throw .invalidRequest(
                "Your request can't be completed. You can't respond to this meeting because you're the meeting "
                    + "organizer.")
        }
        let sends = body["sendresponse"]?.bool ?? true
        let proposal = try Self.proposal(body["proposednewtime"], row, kind: kind, sends: sends)
        respond(row, kind, in: access.address, proposal: proposal, sends: sends)
        return .accepted
    }

    /// The time that an answer proposes, as the organizer gets to see it.
    private static func proposal(
        _ value: GraphJSON?, _ row: GraphRow, kind: String, sends: Bool
    ) throws(GraphError) -> GraphJSON? {
        guard let value, value != .null else { return nil }
        guard kind != "accepted" else {
            throw .unreadableBody("The parameter 'proposedNewTime' does not belong to the action 'accept'.")
        }
        guard sends else {
            throw .invalidRequest("A new time can be proposed only when a response is sent to the organizer.")
        }
        guard row.content.properties["allowNewTimeProposals"]?.bool != false else {
            throw .invalidRequest("The organizer of this meeting does not allow new time proposals.")
        }
        let start = try GraphEventReader.time("start", value["start"] ?? .null)
        let end = try GraphEventReader.time("end", value["end"] ?? .null)
        guard start.instant <= end.instant else {
            throw .invalidProperty("proposedNewTime", "The end must not be before the start.")
        }
        func shown(_ time: ZonedTime) -> GraphJSON {
            ["dateTime": .string(Timestamps.graphWall(time.shown(in: .utc).wall)), "timeZone": "UTC"]
        }
        return ["start": shown(start), "end": shown(end)]
    }

    /// Puts an answer into the attendee's copy, and tells the organizer.
    func respond(_ row: GraphRow, _ kind: String, in address: String, proposal: GraphJSON? = nil, sends: Bool = true) {
        let instant = now()
        let answer = MailboxResponse(kind: kind, at: instant)
        if kind == "declined" {
            declineCopy(row, address)
        } else {
            withMailbox(address) { mailbox in
                let key = mailbox.sequence + 1
                mailbox.change(row.item.number, at: instant) { copy in
                    let showAs = kind == "accepted" ? copy.request?.properties["showAs"] ?? "busy" : "tentative"
                    guard let date = row.occurrence?.date else {
                        copy.response = answer
                        copy.content.properties["showAs"] = showAs
                        return
                    }
                    var exception = copy.series?.exceptions[date] ?? MailboxException(modifiedAt: instant)
                    exception.response = answer
                    exception.change.properties["showAs"] = showAs
                    exception.changeKey = key
                    exception.modifiedAt = instant
                    copy.series?.exceptions[date] = exception
                }
            }
        }
        guard sends else { return }
        reportToOrganizer(row.item, answer, from: address, occurrence: row.occurrence?.date, proposal: proposal)
    }

    /// Takes a declined meeting, or one occurrence of it, out of an attendee's calendar.
    func declineCopy(_ row: GraphRow, _ address: String) {
        let instant = now()
        withMailbox(address) { mailbox in
            guard let occurrence = row.occurrence else { return mailbox.remove(row.item.number) }
            mailbox.change(row.item.number, at: instant) { $0.takeOut(occurrence.date) }
        }
    }

    /// Notes an attendee's answer on the organizer's event, where the organizer is still there.
    func reportToOrganizer(
        _ copy: MailboxItem, _ answer: MailboxResponse, from address: String, occurrence: CivilDate? = nil,
        proposal: GraphJSON? = nil
    ) {
        let organizer = copy.organizer.address
        guard tenants.values.contains(where: { $0.user(organizer) != nil || $0.room(at: organizer) != nil }),
            let original = graphMailbox(organizer).item(uid: copy.uid), original.isOrganizer
        else { return }
        let instant = now()
        func answered(_ attendees: GraphJSON?) -> GraphJSON {
            .array(
                (attendees?.array ?? []).map { attendee in
                    guard attendee["emailAddress"]?["address"]?.string?.lowercased() == address,
                        case .object(var members) = attendee
                    else { return attendee }
                    members["status"] = GraphEventWriter.response(answer)
                    members["proposedNewTime"] = proposal
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
}
