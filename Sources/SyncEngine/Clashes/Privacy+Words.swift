import CalendarModel

extension Privacy {
    /// What people who look after the room may be shown of a meeting instead of its subject: on the clash desk, in lists of
    /// drift, in stories. A private meeting's subject is never among it, whatever crosses.
    package static func title(of meeting: Meeting, policy: LinkPolicy.Content) -> String {
        let organizer = organizer(of: meeting, policy: policy)?.name ?? ""
        switch policy {
        case .everything where meeting.sensitivity.hidesContent: return privateTitle
        case .everything: return meeting.subject.isEmpty ? Crossing.busy : canonicalLine(meeting.subject)
        case .busyWithOrganizer: return organizer.isEmpty ? Crossing.busy : organizer
        case .busyOnly: return Crossing.busy
        }
    }

    package static func organizer(of meeting: Meeting, policy: LinkPolicy.Content) -> Person? {
        policy == .busyOnly ? nil : meeting.organizer
    }

    /// Whether the words of a meeting may be repeated outside of the meeting itself.
    package static func mayQuote(_ meeting: Meeting, policy: LinkPolicy.Content) -> Bool {
        policy == .everything && !meeting.sensitivity.hidesContent
    }

    /// An event's meeting as LoopBooking shows it.
    package static func inLoopBooking(_ event: Meeting, policy: LinkPolicy.Content) -> Meeting {
        Crossing(policy: LinkPolicy(content: policy)).booking(from: event)
    }

    static let privateTitle = "Private"
}
