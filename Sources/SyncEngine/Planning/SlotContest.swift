import CalendarModel

/// Gives each slot to one meeting: the claims in the policy's order, each getting its slot when nobody before it has it.
struct SlotContest {
    enum Contestant {
        case pairing(LivePairing)
        case event(ObservedEvent)
        case booking(Booking)
    }

    struct Loss {
        var contestant: Contestant
        var claim: Claim
        var winner: Claim
    }

    struct Verdict {
        var winners: [Contestant] = []
        var losses: [Loss] = []
        var slots = Slots()
    }

    let policy: LinkPolicy.Clash
    private var entries: [(claim: Claim, contestant: Contestant)] = []

    init(policy: LinkPolicy.Clash) { self.policy = policy }

    mutating func add(_ claim: Claim, on contestant: Contestant) { entries.append((claim, contestant)) }

    func decide() -> Verdict {
        var verdict = Verdict()
        let inOrder = entries.sorted { $0.claim.precedes($1.claim, policy: policy) }
        for (claim, contestant) in inOrder {
            if let winner = verdict.slots.holder(of: claim.span) {
                verdict.losses.append(Loss(contestant: contestant, claim: claim, winner: winner))
            } else {
                verdict.slots.give(claim)
                verdict.winners.append(contestant)
            }
        }
        return verdict
    }
}
