import CalendarModel
import CalendarTime
import SyncEngine

/// Why the clash desk did not do what was asked, in words.
package enum ClashError: DiagnosedError, Hashable {
    case noSuchClash(String)
    /// Who decided it already.
    case decided(by: String, at: Instant)
    case notDecided
    case over
    /// The party that is to be moved or to give way has no booking yet.
    case notInLoopBooking
    /// Another meeting has the slot that a meeting is to get.
    case slotTaken(room: String)
    case roomNotFree(room: String)
    case noSuchRoom(String)
    /// More than a day has passed.
    case tooLate(decidedAt: Instant)
    /// Somebody changed one of the meetings after the decision.
    case changedSince(what: String)
    /// The room's answer no reached an organizer.
    case answered

    package var diagnosis: Diagnosis {
        switch self {
        case .noSuchClash(let id):
            make("unknown", "There is no clash \(id).", "See `loopsync clash list`; the beginning of an id is enough.")
        case .decided(let author, let at):
            make(
                "decided", "\(author) decided this clash at \(Timestamps.rfc3339(at)).",
                "To decide otherwise, undo that decision first.")
        case .notDecided: make("notDecided", "Nobody decided this clash.", "There is nothing to undo.")
        case .over: make("over", "Both meetings are over.", "Nothing need be done.")
        case .notInLoopBooking:
            make(
                "notInLoopBooking", "The meeting that is to give way has no booking in LoopBooking.",
                "Let the link's next pass run, then decide again.")
        case .slotTaken(let room):
            make(
                "slotTaken", "A third meeting has part of that time in \(room).",
                "Look at the room's bookings, and move or cancel that one first.")
        case .roomNotFree(let room):
            make("roomNotFree", "\(room) is not free, open and large enough for this meeting.", "Choose another room.")
        case .noSuchRoom(let room): make("noSuchRoom", "There is no room \(room).", "See `loopsync room list`.")
        case .tooLate(let at):
            make(
                "tooLate", "The decision was made at \(Timestamps.rfc3339(at)), more than a day ago.",
                "Change the bookings themselves.")
        case .changedSince(let what):
            make(
                "changedSince", "It cannot be undone any more: \(what).",
                "Change the bookings themselves, or ask the people who booked.")
        case .answered:
            make(
                "answered",
                "It cannot be undone any more: the room's answer no has reached the organizer of the other meeting.",
                "Ask that organizer to invite the room again.")
        }
    }

    private func make(_ code: String, _ summary: String, _ remedy: String) -> Diagnosis {
        Diagnosis(code: "clash.\(code)", summary: summary, consequence: "Nothing was changed.", remedy: remedy)
    }
}
