/// The parts of a meeting that cross, compared one by one, so that two people changing different parts both keep theirs.
package enum MeetingField: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    case time, subject, body, organizer, attendees, sensitivity, showAs, location, recurrence

    package static func < (left: MeetingField, right: MeetingField) -> Bool {
        rank(left) < rank(right)
    }

    private static func rank(_ field: MeetingField) -> Int { allCases.firstIndex(of: field) ?? 0 }
}

extension Meeting {
    /// Whether both meetings mean the same in one field, after removing what vendors rewrite without anybody having
    /// changed anything.
    package func agrees(with other: Meeting, in field: MeetingField) -> Bool {
        switch field {
        case .time: sameTime(as: other)
        case .subject: subject == other.subject || canonicalLine(subject) == canonicalLine(other.subject)
        case .body: body == other.body || canonicalText(body) == canonicalText(other.body)
        case .organizer: sameAddress(organizer, other.organizer)
        case .attendees:
            attendees == other.attendees || canonicalAddresses(attendees) == canonicalAddresses(other.attendees)
        case .sensitivity: sensitivity == other.sensitivity
        case .showAs: showAs == other.showAs
        case .location: location == other.location || canonicalLine(location) == canonicalLine(other.location)
        case .recurrence:
            switch (recurrence, other.recurrence) {
            case (nil, nil): true
            case (let own?, let other?): own.agrees(with: other)
            default: false
            }
        }
    }

    /// The times of two series are compared in their zones too: equal at the start, they may be an hour apart after a
    /// clock change.
    private func sameTime(as other: Meeting) -> Bool {
        guard time.sameTime(as: other.time) else { return false }
        guard recurrence != nil, other.recurrence != nil else { return true }
        guard case .timed(let left) = time, case .timed(let right) = other.time else { return true }
        return left.zone == right.zone
    }

    /// The fields in which the meetings differ.
    package func differences(from other: Meeting, among fields: Set<MeetingField>) -> Set<MeetingField> {
        isIdentical(to: other) ? [] : fields.filter { !agrees(with: other, in: $0) }
    }

    /// This meeting with some fields taken from another.
    package func taking(_ fields: Set<MeetingField>, from other: Meeting) -> Meeting {
        var result = self
        for field in fields {
            switch field {
            case .time: result.time = other.time
            case .subject: result.subject = other.subject
            case .body: result.body = other.body
            case .organizer: result.organizer = other.organizer
            case .attendees: result.attendees = other.attendees
            case .sensitivity: result.sensitivity = other.sensitivity
            case .showAs: result.showAs = other.showAs
            case .location: result.location = other.location
            case .recurrence: result.recurrence = other.recurrence
            }
        }
        return result
    }

    /// A short digest of what the meeting means, equal for two readings between which nobody changed anything.
    package func fingerprint(of fields: Set<MeetingField> = Set(MeetingField.allCases)) -> Fingerprint {
        var digest = Fingerprint.Digest()
        for field in fields.sorted() {
            digest.add(field.rawValue)
            for part in canonicalParts(of: field) { digest.add(part) }
        }
        return digest.fingerprint
    }

    private func canonicalParts(of field: MeetingField) -> [String] {
        switch field {
        case .time:
            [time.canonicalText]
        case .subject: [canonicalLine(subject)]
        case .body: [canonicalText(body)]
        case .organizer: [organizer.map { $0.address.lowercased() } ?? ""]
        case .attendees: canonicalAddresses(attendees)
        case .sensitivity: [sensitivity.rawValue]
        case .showAs: [showAs.rawValue]
        case .location: [canonicalLine(location)]
        case .recurrence: recurrence?.canonicalParts ?? []
        }
    }
}

private func sameAddress(_ left: Person?, _ right: Person?) -> Bool {
    switch (left, right) {
    case (nil, nil): true
    case (let left?, let right?):
        left.address.isEmpty || right.address.isEmpty
            ? canonicalLine(left.name) == canonicalLine(right.name)
            : left.address.lowercased() == right.address.lowercased()
    default: false
    }
}

private func canonicalAddresses(_ attendees: [Attendee]) -> [String] {
    attendees.filter { $0.role != .resource }
        .map { $0.person.address.isEmpty ? $0.person.name : $0.person.address.lowercased() }
        .sorted()
}
