import CalendarModel

/// Things that happen by themselves, looked at before each request so that no task has to run in the background and the
/// world's clock alone decides.
extension World {
    func schedule(_ action: GraphState.Action, at due: Instant) {
        graph.pendingCounter += 1
        graph.pending.append(GraphState.Pending(due: due, order: graph.pendingCounter, action: action))
    }

    /// Exchange touches an item once more shortly after each write.
    func scheduleSecondChangeKey(_ address: String, _ number: UInt32, at instant: Instant) {
        guard let delay = settings.secondChangeKeyDelayMilliseconds,
            graphMailbox(address).items[number]?.awaitsSecondChangeKey == false
        else { return }
        withMailbox(address) { $0.awaitSecondChangeKey(number, true) }
        schedule(
            .secondChangeKey(mailbox: address, item: number), at: instant.advanced(by: .milliseconds(delay)))
    }

    /// Does what is due by now, in the order in which it became due.
    package func settleGraph() {
        let instant = now()
        while let next = graph.pending.filter({ $0.due <= instant }).min(by: { ($0.due, $0.order) < ($1.due, $1.order) }
        ) {
            graph.pending.removeAll { $0.order == next.order }
            switch next.action {
            case .secondChangeKey(let mailbox, let item):
                withMailbox(mailbox) { mailbox in
                    mailbox.awaitSecondChangeKey(item, false)
                    mailbox.change(item, at: next.due) { _ in }
                }
            case .attendant(let mailbox, let item, let request, let moved):
                attendantAnswers(mailbox, item, request, moved: moved)
            }
        }
    }
}
