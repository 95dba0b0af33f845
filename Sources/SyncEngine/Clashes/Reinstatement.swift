import CalendarModel

/// The way back for an event that was shown as not booked: what a person wrote stands again, and it holds the room.
package enum Reinstatement {
    /// What is written: what the refusal had written.
    package static func parts(_ policy: LinkPolicy.Content) -> MeetingParts { MeetingParts(Refusal.fields(policy)) }

    /// The event as it stood before it lost its slot, except for what people changed since.
    /// - Parameter before: the event as it was kept before the refusal, as far as the policy lets it be kept.
    package static func shown(_ event: Meeting, before: Meeting) -> Meeting {
        var result = event
        if event.subject.hasPrefix(Refusal.mark) {
            result.subject = String(event.subject.dropFirst(Refusal.mark.count))
        }
        result.body = before.body
        result.showAs = before.showAs.holdsRoom ? before.showAs : .busy
        return result
    }

    /// The event that lost its slot, with another reason than it was told first.
    package static func explained(_ event: Meeting, before: Meeting, reason: String) -> Meeting {
        var result = Refusal.marked(event.taking([.body], from: before), reason: reason)
        // The mark is there already, or a person took it away.
        result.subject = event.subject
        return result
    }
}

extension ClashNote.Party {
    /// A party known by its event alone.
    package init(event: EventID, like other: ClashNote.Party) {
        self.init(origin: other.origin, booking: nil, event: event, occurrence: nil, span: other.span)
    }
}
