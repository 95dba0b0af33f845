import SyncEngine

/// Why something was not done to a link, in words.
package enum LinkDeskError: DiagnosedError, Hashable {
    case noSuchLink(String)
    /// Paused or stopped.
    case notActive(String, condition: String)
    /// Nothing vanished that could be decided about.
    case notHeld(String)
    /// Somebody else changed the policy since it was looked at.
    case policyChanged(LinkPolicy, revision: Int64)
    case badLimit
    case cannotInvite

    package var diagnosis: Diagnosis {
        switch self {
        case .noSuchLink(let id): make("unknown", "There is no link \(id).", "See `loopsync link list`.")
        case .notActive(let title, let condition):
            make(
                "notActive", "The link \(title) is \(condition).",
                "Let it run again first (`loopsync link resume`).")
        case .notHeld(let title):
            make(
                "notHeld", "The link \(title) has not stopped because of vanished meetings.",
                "Nothing is to be decided about it.")
        case .policyChanged:
            make(
                "policyChanged", "Somebody else changed the link's policy in the meantime.",
                "Look at what it is now, then change it again if that is still wanted.")
        case .badLimit:
            make(
                "badLimit", "The limits of mass deletions are out of range.",
                "Give a share above 0 and up to 1, and a number of 1 or more.")
        case .cannotInvite:
            make(
                "writing", "This connection cannot write by invitation: it has no mailbox to invite from.",
                "Use direct writing, or a connection with a service account.")
        }
    }

    private func make(_ code: String, _ summary: String, _ remedy: String) -> Diagnosis {
        Diagnosis(code: "link.\(code)", summary: summary, consequence: "Nothing was changed.", remedy: remedy)
    }
}
