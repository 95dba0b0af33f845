/// A meeting as a value: everything about it that a person can see, on whichever side it stands. Its fields are kept behind
/// one reference, because meetings are passed around far more often than they are changed.
package struct Meeting: Hashable, Sendable, Codable {
    private var fields: Shared<Fields>

    private struct Fields: Hashable, Sendable, Codable {
        var time: MeetingTime
        var subject: String
        var body: String
        var organizer: Person?
        var attendees: [Attendee]
        var sensitivity: Sensitivity
        var showAs: ShowAs
        var location: String
        var recurrence: Recurrence?
    }

    package var time: MeetingTime {
        get { fields.value.time }
        _modify { yield &fields.value.time }
    }
    package var subject: String {
        get { fields.value.subject }
        _modify { yield &fields.value.subject }
    }
    /// Plain text with `\n` line ends.
    package var body: String {
        get { fields.value.body }
        _modify { yield &fields.value.body }
    }
    package var organizer: Person? {
        get { fields.value.organizer }
        _modify { yield &fields.value.organizer }
    }
    package var attendees: [Attendee] {
        get { fields.value.attendees }
        _modify { yield &fields.value.attendees }
    }
    package var sensitivity: Sensitivity {
        get { fields.value.sensitivity }
        _modify { yield &fields.value.sensitivity }
    }
    package var showAs: ShowAs {
        get { fields.value.showAs }
        _modify { yield &fields.value.showAs }
    }
    package var location: String {
        get { fields.value.location }
        _modify { yield &fields.value.location }
    }
    package var recurrence: Recurrence? {
        get { fields.value.recurrence }
        _modify { yield &fields.value.recurrence }
    }

    package init(
        time: MeetingTime, subject: String, body: String = "", organizer: Person? = nil, attendees: [Attendee] = [],
        sensitivity: Sensitivity = .normal, showAs: ShowAs = .busy, location: String = "",
        recurrence: Recurrence? = nil
    ) {
        fields = Shared(
            Fields(
                time: time, subject: subject, body: body, organizer: organizer, attendees: attendees,
                sensitivity: sensitivity, showAs: showAs, location: location, recurrence: recurrence))
    }

    package init(from decoder: any Decoder) throws { fields = Shared(try Fields(from: decoder)) }
    package func encode(to encoder: any Encoder) throws { try fields.value.encode(to: encoder) }

    package var span: TimeSpan { time.span }

    /// Whether both are copies of one value; others may be equal all the same.
    func isIdentical(to other: Meeting) -> Bool { fields.isIdentical(to: other.fields) }
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
