import CalendarModel

/// Occurrences that a series does without because the room was taken then.
extension Booking {
    /// What people are told of the booking: its reason, and what was left out of it.
    package var explanation: String? { Self.inOneText([reason, SeriesWords.leftOut(leftOut)]) }

    static func inOneText(_ sentences: [String?]) -> String? {
        let told = sentences.compactMap { $0 }
        return told.isEmpty ? nil : told.joined(separator: " ")
    }

    mutating func leaveOut(_ originals: Set<WallTime>) {
        for original in originals { meeting.recurrence?.set(.cancelled, of: original) }
        leftOut.formUnion(originals.map(\.date))
    }

    /// An occurrence that is on again, or that the series no longer has, is not left out.
    mutating func forgetWhatIsNotLeftOut() {
        guard !leftOut.isEmpty else { return }
        leftOut.formIntersection(meeting.recurrence?.cancelled.map(\.date) ?? [])
    }
}
