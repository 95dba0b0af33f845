/// Some parts of a meeting: whole fields, and single occurrences of a series. `.recurrence` among the fields is the series as
/// a whole; `occurrences` names those that are meant on their own, by original start.
package struct MeetingParts: Hashable, Sendable, Codable {
    package var fields: Set<MeetingField>
    package var occurrences: Set<WallTime>

    package init() {
        fields = []
        occurrences = []
    }

    package init(_ fields: Set<MeetingField>, occurrences: Set<WallTime> = []) {
        self.fields = fields
        self.occurrences = occurrences
    }

    package init(occurrences: Set<WallTime>) { self.init([], occurrences: occurrences) }

    package var isEmpty: Bool { fields.isEmpty && occurrences.isEmpty }

    package func intersection(_ other: MeetingParts) -> MeetingParts {
        MeetingParts(fields.intersection(other.fields), occurrences: occurrences.intersection(other.occurrences))
    }

    /// Whether writing them can take another slot.
    package var touchesTime: Bool { !fields.isDisjoint(with: [.time, .recurrence]) || !occurrences.isEmpty }
}

extension MeetingParts: ExpressibleByArrayLiteral {
    package init(arrayLiteral fields: MeetingField...) { self.init(Set(fields)) }
}

extension Meeting {
    /// This meeting with some parts taken from another.
    package func taking(parts: MeetingParts, from other: Meeting) -> Meeting {
        var result = self
        if !parts.occurrences.isEmpty, let own = recurrence, let theirs = other.recurrence {
            result.recurrence = own.taking(parts.occurrences, from: theirs)
        }
        return result.taking(parts.fields, from: other)
    }

    /// Those of the parts in which the meetings differ.
    package func differingParts(from other: Meeting, among parts: MeetingParts) -> MeetingParts {
        var occurrences: Set<WallTime> = []
        if !parts.occurrences.isEmpty {
            switch (recurrence, other.recurrence) {
            case (nil, nil): break
            case (let own?, let theirs?):
                occurrences = own.occurrences(differingFrom: theirs).intersection(parts.occurrences)
            default: occurrences = parts.occurrences
            }
        }
        return MeetingParts(differences(from: other, among: parts.fields), occurrences: occurrences)
    }
}
