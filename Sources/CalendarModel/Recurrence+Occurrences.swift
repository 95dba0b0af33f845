/// Series compared and merged occurrence by occurrence, so that two people changing different occurrences both keep theirs.
extension Recurrence {
    /// How one occurrence stands to the series' rule.
    package enum OccurrenceState: Hashable, Sendable {
        /// As the rule puts it.
        case asRule
        case cancelled
        case changed(OccurrenceChange)
    }

    package func state(of original: WallTime) -> OccurrenceState {
        if cancelled.contains(original) { return .cancelled }
        guard let change = exceptions[original], !change.isEmpty else { return .asRule }
        return .changed(change)
    }

    package mutating func set(_ state: OccurrenceState, of original: WallTime) {
        cancelled.remove(original)
        exceptions[original] = nil
        switch state {
        case .asRule: break
        case .cancelled: cancelled.insert(original)
        case .changed(let change): if !change.isEmpty { exceptions[original] = change }
        }
    }

    /// Original starts of the occurrences that are not as the rule puts them.
    package var irregular: Set<WallTime> { cancelled.union(exceptions.keys) }

    /// The series with times and free/busy only: what may be kept of it where content does not cross.
    package var withoutContent: Recurrence {
        var result = self
        result.exceptions = exceptions.mapValues { OccurrenceChange(time: $0.time, showAs: $0.showAs) }
            .filter { !$0.value.isEmpty }
        return result
    }

    /// Whether both put their occurrences at the same times before anything was taken out or changed.
    package func samePattern(as other: Recurrence) -> Bool { rule == other.rule && additions == other.additions }

    /// Original starts of the occurrences that mean something else here than there.
    package func occurrences(differingFrom other: Recurrence) -> Set<WallTime> {
        irregular.union(other.irregular).filter { !Self.agree(state(of: $0), other.state(of: $0)) }
    }

    /// This series with some occurrences as they stand in another.
    package func taking(_ originals: Set<WallTime>, from other: Recurrence) -> Recurrence {
        var result = self
        for original in originals { result.set(other.state(of: original), of: original) }
        return result
    }

    /// Whether both mean the same, after removing what vendors rewrite on their own.
    package func agrees(with other: Recurrence) -> Bool {
        samePattern(as: other) && occurrences(differingFrom: other).isEmpty
    }

    private static func agree(_ left: OccurrenceState, _ right: OccurrenceState) -> Bool {
        switch (left, right) {
        case (.asRule, .asRule), (.cancelled, .cancelled): true
        case (.changed(let left), .changed(let right)): left.agrees(with: right)
        default: false
        }
    }

    /// The series as text in one fixed order, for digests.
    var canonicalParts: [String] {
        var parts = rule.canonicalParts
        parts += additions.sorted().map { "also \($0)" }
        parts += cancelled.sorted().map { "not \($0)" }
        for original in exceptions.keys.sorted() where !cancelled.contains(original) {
            guard let change = exceptions[original], !change.isEmpty else { continue }
            parts.append("changed \(original)")
            parts += change.canonicalParts
        }
        return parts
    }
}

extension OccurrenceChange {
    /// Whether both mean the same change.
    package func agrees(with other: OccurrenceChange) -> Bool { differences(from: other).isEmpty }

    /// The fields in which they differ.
    package func differences(from other: OccurrenceChange) -> Set<MeetingField> {
        func same<Value>(_ left: Value?, _ right: Value?, _ compare: (Value, Value) -> Bool) -> Bool {
            switch (left, right) {
            case (nil, nil): true
            case (let left?, let right?): compare(left, right)
            default: false
            }
        }
        var fields: Set<MeetingField> = []
        if !same(time, other.time, { $0.sameTime(as: $1) }) { fields.insert(.time) }
        if !same(subject, other.subject, { canonicalLine($0) == canonicalLine($1) }) { fields.insert(.subject) }
        if !same(body, other.body, { canonicalText($0) == canonicalText($1) }) { fields.insert(.body) }
        if !same(location, other.location, { canonicalLine($0) == canonicalLine($1) }) { fields.insert(.location) }
        if showAs != other.showAs { fields.insert(.showAs) }
        return fields
    }

    /// This change with some fields taken from another.
    package func taking(_ fields: Set<MeetingField>, from other: OccurrenceChange) -> OccurrenceChange {
        var result = self
        if fields.contains(.time) { result.time = other.time }
        if fields.contains(.subject) { result.subject = other.subject }
        if fields.contains(.body) { result.body = other.body }
        if fields.contains(.location) { result.location = other.location }
        if fields.contains(.showAs) { result.showAs = other.showAs }
        return result
    }

    fileprivate var canonicalParts: [String] {
        [
            time?.canonicalText ?? "", subject.map(canonicalLine) ?? "", body.map(canonicalText) ?? "",
            location.map(canonicalLine) ?? "", showAs?.rawValue ?? "",
        ]
    }
}
