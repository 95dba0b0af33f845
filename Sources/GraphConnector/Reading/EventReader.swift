import CalendarModel
import CalendarTime

/// Makes product events of Graph's, for one resource.
struct EventReader: Sendable {
    let address: String
    /// The resource's zone: for all-day meetings, which float with the room, and for zones without a usable name.
    let roomZone: ZoneID

    enum Failure: Error, Hashable { case noTimes, badTimes(String), noVersion, badRecurrence(String) }

    /// A single event, a series' master without its series, or an occurrence on its own.
    func event(_ wire: GraphEvent) throws(Failure) -> Event {
        guard let version = wire.etag ?? wire.changeKey else { throw .noVersion }
        let role = role(of: wire)
        return Event(
            id: EventID(wire.id), version: Version(version), uid: wire.uid,
            meeting: Meeting(
                time: try time(wire), subject: wire.subject ?? "", body: text(of: wire.body),
                organizer: wire.organizer?.emailAddress.map(Self.person),
                attendees: (wire.attendees ?? []).map(Self.attendee),
                sensitivity: wire.sensitivity.flatMap { Sensitivity(rawValue: $0.lowercased()) } ?? .normal,
                showAs: Self.showAs(wire.showAs), location: wire.location?.displayName ?? ""),
            role: role, response: role == .organizer ? .organizer : Self.response(wire.responseStatus?.response),
            isCancelled: wire.isCancelled ?? false, createdAt: Self.instant(wire.createdDateTime),
            modifiedAt: Self.instant(wire.lastModifiedDateTime))
    }

    /// Events that the room itself organizes say so; where the field is missing, the organizer's address tells.
    private func role(of wire: GraphEvent) -> Event.Role {
        if let isOrganizer = wire.isOrganizer { return isOrganizer ? .organizer : .attendee }
        let organizer = wire.organizer?.emailAddress?.address
        return organizer == nil || organizer?.lowercased() == address.lowercased() ? .organizer : .attendee
    }

    private func text(of body: GraphBody?) -> String {
        let content = body?.content ?? ""
        let text = body?.contentType?.lowercased() == "html" ? PlainText.fromHTML(content) : content
        return text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    }

    static func person(_ address: GraphAddress) -> Person {
        Person(name: address.name ?? "", address: address.address ?? "")
    }

    static func attendee(_ wire: GraphAttendee) -> Attendee {
        Attendee(
            person: person(wire.emailAddress ?? GraphAddress()),
            role: wire.type.flatMap { Attendee.Role(rawValue: $0.lowercased()) } ?? .required,
            response: response(wire.status?.response))
    }

    static func response(_ text: String?) -> Response {
        switch text?.lowercased() {
        case "organizer": .organizer
        case "tentativelyaccepted": .tentative
        case "accepted": .accepted
        case "declined": .declined
        case "notresponded": .notResponded
        default: .none
        }
    }

    /// What is not known counts as busy: better a room too many held than one promised twice.
    static func showAs(_ text: String?) -> ShowAs {
        switch text?.lowercased() {
        case "free": .free
        case "tentative": .tentative
        case "oof": .outOfOffice
        case "workingelsewhere": .workingElsewhere
        default: .busy
        }
    }

    static func instant(_ text: String?) -> Instant? { text.flatMap { try? Timestamps.parseRFC3339($0) } }
}

extension EventReader {
    private func time(_ wire: GraphEvent) throws(Failure) -> MeetingTime {
        guard let start = wire.start, let end = wire.end else { throw .noTimes }
        do {
            return wire.isAllDay == true
                ? try allDay(start, end)
                : try timed(start, end, in: zone(named: wire.originalStartTimeZone) ?? roomZone)
        } catch {
            throw .badTimes("\(error)")
        }
    }

    /// Always midnight to midnight, whatever zone was asked for: dates.
    private func allDay(_ start: GraphDateTime, _ end: GraphDateTime) throws(TimeError) -> MeetingTime {
        let first = try Timestamps.parseDate(String(start.dateTime.prefix(10)))
        let last = try Timestamps.parseDate(String(end.dateTime.prefix(10)))
        let next = Zones.date(first, addingDays: 1)
        return .allDay(try Zones.allDay(first: first, end: max(last, next), zone: roomZone))
    }

    func timed(_ start: GraphDateTime, _ end: GraphDateTime, in zone: ZoneID) throws(TimeError) -> MeetingTime {
        let span = TimeSpan(start: try instant(start), end: try instant(end))
        // Outlook allows meetings of no length; they hold nothing, but they are there.
        if span.start == span.end, let wall = Zones.wallTime(of: span.start, in: zone) {
            return .timed(TimedSpan(start: wall, end: wall, zone: zone, span: span))
        }
        return .timed(try Zones.timed(span: span, zone: zone))
    }

    func instant(_ time: GraphDateTime) throws(TimeError) -> Instant {
        // Seen with a Z although the zone is a field of its own.
        let text = time.dateTime.hasSuffix("Z") ? String(time.dateTime.dropLast()) : time.dateTime
        let wall = try Timestamps.parseWall(text)
        let zone = zone(named: time.timeZone ?? "UTC") ?? roomZone
        guard let instant = Zones.instant(of: wall, in: zone) else { throw .unknownZone(zone.name) }
        return instant
    }

    /// The zone that a vendor's name stands for; nil for names without a usable zone. A Windows name stands for many
    /// zones: where the room's is one of them, it is meant.
    func zone(named name: String?) -> ZoneID? {
        guard let name else { return nil }
        if name == Zones.windowsName(for: roomZone) { return roomZone }
        guard case .zone(let zone) = Zones.fromVendor(name) else { return nil }
        return zone
    }
}

extension EventReader.Failure {
    /// Without the event's content.
    var reason: String {
        switch self {
        case .noTimes: "it has no start or end"
        case .badTimes(let detail): detail
        case .noVersion: "it has no version"
        case .badRecurrence(let detail): "its recurrence cannot be understood: \(detail)"
        }
    }
}
