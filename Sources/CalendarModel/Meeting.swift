/// A meeting as a value: everything about it that a person can see, on whichever side it stands.
package struct Meeting: Hashable, Sendable, Codable {
    package var time: MeetingTime
    package var subject: String
    /// Plain text with `\n` line ends.
    package var body: String
    package var organizer: Person?
    package var attendees: [Attendee]
    package var sensitivity: Sensitivity
    package var showAs: ShowAs
    package var location: String
    package var recurrence: Recurrence?

    package init(
        time: MeetingTime, subject: String, body: String = "", organizer: Person? = nil, attendees: [Attendee] = [],
        sensitivity: Sensitivity = .normal, showAs: ShowAs = .busy, location: String = "",
        recurrence: Recurrence? = nil
    ) {
        self.time = time
        self.subject = subject
        self.body = body
        self.organizer = organizer
        self.attendees = attendees
        self.sensitivity = sensitivity
        self.showAs = showAs
        self.location = location
        self.recurrence = recurrence
    }

    package var span: TimeSpan { time.span }
}

package struct Person: Hashable, Sendable, Codable {
    package var name: String
    /// SMTP address; empty when unknown. Compared without case.
    package var address: String

    package init(name: String, address: String) {
        self.name = name
        self.address = address
    }
}

package struct Attendee: Hashable, Sendable, Codable {
    package enum Role: String, Hashable, Sendable, Codable { case required, optional, resource }

    package var person: Person
    package var role: Role
    package var response: Response

    package init(person: Person, role: Role = .required, response: Response = .none) {
        self.person = person
        self.role = role
        self.response = response
    }
}

/// What an invited person or room answered.
package enum Response: String, Hashable, Sendable, Codable {
    case none, organizer, tentative, accepted, declined, notResponded
}

package enum Sensitivity: String, Hashable, Sendable, Codable, CaseIterable {
    case normal, personal, `private`, confidential

    /// Whether only the organizer is meant to see the content.
    package var hidesContent: Bool { self == .private || self == .confidential }
}

package enum ShowAs: String, Hashable, Sendable, Codable, CaseIterable {
    case free, tentative, busy, outOfOffice, workingElsewhere

    /// Whether a meeting shown so holds the room.
    package var holdsRoom: Bool { self != .free }
}
