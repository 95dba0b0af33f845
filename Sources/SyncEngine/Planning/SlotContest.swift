import CalendarModel

/// Gives each slot to one meeting: the claims in the policy's order, each getting its slot when nobody before it has it.
/// Meetings that stand unchanged on both sides do not compete with one another (LoopBooking never holds two at one time), so
/// only those of them take part whose slot somebody else wants.
struct SlotContest {
    enum Contestant {
        case pairing(LivePairing)
        case event(ObservedEvent)
        case booking(Booking)
    }

    /// A contestant that did not get all of its slots.
    struct Loss {
        var contestant: Contestant
        /// What it did not get, each with who has it.
        var lost: [(claim: Claim, winner: Claim)]
        /// How many of its wishes were granted.
        var granted: Int
    }

    struct Verdict {
        /// The numbers of the contestants that got all they wanted.
        var winners: [Int] = []
        var losses: [Loss] = []
        var slots = Slots()
    }

    let policy: LinkPolicy.Clash
    /// What people decided about clashes comes before the policy.
    let rulings: [ClashRuling]
    private(set) var contestants: [Contestant] = []
    private(set) var claims: [Claim] = []
    /// Slots of meetings that are over. Who had the room then had it: nobody wins against them.
    private var past: [Claim] = []

    init(policy: LinkPolicy.Clash, rulings: [ClashRuling]) {
        self.policy = policy
        self.rulings = rulings
    }

    /// The number of the next contestant.
    var next: Int { contestants.count }

    mutating func add(_ contestant: Contestant, _ claims: [Claim]) {
        contestants.append(contestant)
        self.claims += claims
    }

    mutating func keep(past claims: [Claim]) { past += claims }

    func decide() -> Verdict {
        var verdict = Verdict()
        for claim in past { verdict.slots.give(claim) }
        var lost: [Int: [(claim: Claim, winner: Claim)]] = [:]
        var granted = [Int](repeating: 0, count: contestants.count)
        let last = ruledOut()
        let inOrder = claims.indices.sorted { left, right in
            let (isLast, otherIsLast) = (last.contains(left), last.contains(right))
            return isLast == otherIsLast ? claims[left].precedes(claims[right], policy: policy) : otherIsLast
        }
        for claim in inOrder.lazy.map({ claims[$0] }) {
            guard let contestant = claim.contestant else { continue }
            if let winner = verdict.slots.holder(of: claim.span, against: claim) {
                lost[contestant, default: []].append((claim, winner))
            } else {
                verdict.slots.give(claim)
                granted[contestant] += 1
            }
        }
        for (index, contestant) in contestants.enumerated() {
            if let lost = lost[index] {
                verdict.losses.append(Loss(contestant: contestant, lost: lost, granted: granted[index]))
            } else {
                verdict.winners.append(index)
            }
        }
        return verdict
    }

    /// The claims that come after all others: somebody decided that another one, which is there too, keeps the slot.
    private func ruledOut() -> Set<Int> {
        guard !rulings.isEmpty else { return [] }
        return Set(
            claims.indices.filter { loser in
                claims.contains { winner in
                    winner.span.overlaps(claims[loser].span)
                        && rulings.contains { $0.decides(winner.party, over: claims[loser].party) }
                }
            })
    }
}
