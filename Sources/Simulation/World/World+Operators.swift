import CalendarModel
import SyncEngine
import SyncService
import TestSupport

/// What administrators and operators do, and what happens to calendars as a whole.
extension World {
    func operate(_ act: Act) async -> Bool {
        switch act {
        case .pause(let room):
            guard sync.memory(sites[room].link.id)?.link.state == .active else { return false }
            sync.setState(.paused, of: sites[room].link.id)
        case .resume(let room, let approving): return await resume(room, approving)
        case .restart:
            for index in sites.indices { sites[index].refusals = [RefusalMemory(), RefusalMemory()] }
        case .rights(let room, let areGranted):
            sites[room].isClosed = !areGranted
            await applyFaults(room)
        case .emptiness(let room, let isEmpty):
            sites[room].isEmpty = isEmpty
            await applyFaults(room)
        case .days(let days):
            clock.advance(by: .seconds(days * 86_400))
            await extendSeries()
        default: return false
        }
        return true
    }

    private func applyFaults(_ room: Int) async {
        var faults = CalendarFaults()
        faults.rightsRevoked = sites[room].isClosed
        faults.looksEmpty = sites[room].isEmpty
        await sites[room].calendar.set(faults)
    }

    /// An administrator looks at why a link stands still. Who sees an empty calendar waits until it is right again, and then
    /// lets the link look anew: nobody deleted anything.
    private func resume(_ room: Int, _ approving: Bool?) async -> Bool {
        let site = sites[room]
        switch sync.memory(site.link.id)?.link.state {
        case .paused: sync.setState(.active, of: site.link.id)
        case .held:
            if site.isEmpty { return false }
            let isThere = await vanishedIsThere(room)
            sync.setState(
                .active, of: site.link.id,
                approvingDeletions: site.stoppedWhileEmpty || isThere ? nil : approving ?? true)
            sites[room].stoppedWhileEmpty = false
        case .active, nil: return false
        }
        return true
    }

    /// Whether an administrator who looks finds some of what the link asks about in the calendar.
    private func vanishedIsThere(_ room: Int) async -> Bool {
        guard let memory = sync.memory(sites[room].link.id) else { return false }
        for event in memory.pairings.values.compactMap(\.event) where memory.events[event] == nil {
            if await sites[room].calendar.event(event) != nil { return true }
        }
        return false
    }

    /// The storm is over: nothing fails any more, and whatever stood still runs again.
    func calmDown() async {
        tell("Now nothing fails any more, and nobody does anything.")
        inventor = nil
        for room in sites.indices {
            sites[room].isClosed = false
            sites[room].isEmpty = false
            await applyFaults(room)
            await sites[room].calendar.calmDown()
            _ = await resume(room, nil)
        }
        clock.advance(by: .seconds(2 * 3600))
    }
}
