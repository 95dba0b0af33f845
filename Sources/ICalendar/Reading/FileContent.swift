import CLibICal
import CalendarModel

/// What a VEVENT says beside when it is; nil where it says nothing.
struct FileContent {
    var subject: String?
    var body: String?
    var location: String?
    var organizer: Person?
    var attendees: [Attendee]
    var sensitivity: Sensitivity
    var showAs: ShowAs

    init(_ event: Component) {
        subject = event.property(ICAL_SUMMARY_PROPERTY)?.text
        body = event.property(ICAL_DESCRIPTION_PROPERTY)?.text
        location = event.property(ICAL_LOCATION_PROPERTY)?.text
        organizer = event.property(ICAL_ORGANIZER_PROPERTY).map(Person.init(_:))
        attendees = event.properties(ICAL_ATTENDEE_PROPERTY).map(Attendee.init(_:))
        sensitivity =
            switch event.property(ICAL_CLASS_PROPERTY)?.value.uppercased() {
            case "PRIVATE": .private
            case "CONFIDENTIAL": .confidential
            default: .normal
            }
        showAs = Self.showAs(event)
    }

    /// TRANSP tells free from busy; Outlook says more in a property of its own.
    private static func showAs(_ event: Component) -> ShowAs {
        if event.property(ICAL_TRANSP_PROPERTY)?.value.uppercased() == "TRANSPARENT" { return .free }
        switch event.extraProperty("X-MICROSOFT-CDO-BUSYSTATUS")?.value.uppercased() {
        case "FREE": return .free
        case "TENTATIVE": return .tentative
        case "OOF": return .outOfOffice
        case "WORKINGELSEWHERE": return .workingElsewhere
        default: break
        }
        return event.property(ICAL_STATUS_PROPERTY)?.value.uppercased() == "TENTATIVE" ? .tentative : .busy
    }

    /// The meeting with this content at a time.
    func meeting(at time: MeetingTime) -> Meeting {
        Meeting(
            time: time, subject: subject ?? "", body: body ?? "", organizer: organizer, attendees: attendees,
            sensitivity: sensitivity, showAs: showAs, location: location ?? "")
    }

    /// One occurrence of a series with this content; what is not said is as in the series.
    func occurrence(of series: Meeting, at time: MeetingTime) -> Meeting {
        var result = series
        result.recurrence = nil
        result.time = time
        if let subject { result.subject = subject }
        if let body { result.body = body }
        if let location { result.location = location }
        result.showAs = showAs
        return result
    }

    /// What an occurrence has of its own that a series' occurrence cannot have.
    func leftOut(of series: Meeting) -> [String] {
        var result: [String] = []
        if !attendees.isEmpty, Set(attendees.map(\.person)) != Set(series.attendees.map(\.person)) {
            result.append("attendees")
        }
        if let organizer, organizer.address.lowercased() != series.organizer?.address.lowercased() {
            result.append("organizer")
        }
        if sensitivity != series.sensitivity { result.append("sensitivity") }
        return result
    }
}

extension Person {
    /// ORGANIZER or ATTENDEE.
    fileprivate init(_ property: Property) {
        let value = property.value
        let address = value.lowercased().hasPrefix("mailto:") ? String(value.dropFirst(7)) : ""
        self.init(name: property.parameter("CN")?.trimmingSpaces ?? "", address: address.trimmingSpaces)
    }
}

extension Attendee {
    fileprivate init(_ property: Property) {
        func parameter(_ name: String) -> String { property.parameter(name)?.uppercased() ?? "" }
        let role: Role =
            switch (parameter("CUTYPE"), parameter("ROLE")) {
            case ("ROOM", _), ("RESOURCE", _): .resource
            case (_, "OPT-PARTICIPANT"), (_, "NON-PARTICIPANT"): .optional
            default: .required
            }
        let response: Response =
            switch parameter("PARTSTAT") {
            case "ACCEPTED": .accepted
            case "DECLINED": .declined
            case "TENTATIVE": .tentative
            case "NEEDS-ACTION": .notResponded
            default: .none
            }
        self.init(person: Person(property), role: role, response: response)
    }
}
