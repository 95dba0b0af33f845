import CalendarModel
import CalendarTime
import SyncEngine
import TestSupport

/// Making up acts that fit what stands in the world just now.
extension World {
    /// The next act; nil when nobody makes any up.
    /// - Parameter pass: set when it happens in the middle of a pass.
    func inventStep(within pass: Pass?) async -> Step? {
        guard var inventor else { return nil }
        let seconds = pass == nil ? inventor.dice.roll(1..<90) : inventor.dice.roll(0..<4)
        let act = await inventAct(&inventor, within: pass)
        self.inventor = inventor
        return Step(seconds: seconds, act: act)
    }

    private func inventAct(_ inventor: inout Inventor, within pass: Pass?) async -> Act {
        let room = inventor.dice.roll(0..<sites.count)
        if pass == nil {
            let roll = inventor.dice.roll(0..<100)
            if roll < 33 { return .pass(Pass(room: room, node: inventor.dice.chance(0.2) ? 1 : 0)) }
            if roll < 41, let act = inventOperation(&inventor, room) { return act }
        }
        for _ in 0..<4 {
            if let act = await inventPersonsAct(&inventor, room) { return act }
        }
        return make(&inventor, room)
    }

    var today: Int {
        guard let date = Zones.date(of: clock.now, in: Times.oslo) else { return 0 }
        return Zones.days(from: calendar.first, to: date)
    }

    private func inventOperation(_ inventor: inout Inventor, _ room: Int) -> Act? {
        let site = sites[room]
        if site.isClosed { return inventor.dice.chance(0.6) ? .rights(room: room, areGranted: true) : nil }
        if site.isEmpty { return inventor.dice.chance(0.6) ? .emptiness(room: room, isEmpty: false) : nil }
        if sync.memory(site.link.id)?.link.state != .active {
            return .resume(room: room, approving: inventor.dice.chance(0.7))
        }
        switch inventor.dice.roll(0..<40) {
        case 0: return .pause(room: room)
        case 1..<4: return .restart
        case 4..<12: return .answerInvitations(room: room)
        case 12..<16: return .days(inventor.dice.roll(1..<4))
        case 16: return .days(inventor.dice.roll(5..<20))
        case 17..<20 where surroundings.weather.outages > 0: return .rights(room: room, areGranted: false)
        case 20..<24 where surroundings.weather.outages > 0 && surroundings.hasEmptiness:
            return .emptiness(room: room, isEmpty: true)
        default: return nil
        }
    }

    // MARK: People

    private func inventPersonsAct(_ inventor: inout Inventor, _ room: Int) async -> Act? {
        let roll = inventor.dice.roll(0..<100)
        if roll < 24 { return make(&inventor, room) }
        let side: Side = inventor.dice.chance(0.5) ? .loopBooking : .calendar
        guard let label = await someMeeting(&inventor, side) else { return nil }
        switch roll {
        case 24..<40: return .move(label, side, to: inventor.slot(today: today))
        case 40..<56: return .edit(label, side, inventor.edit())
        case 56..<68: return .undo(label, side)
        case 68..<76: return .cancel(label, side)
        case 76..<80: return .show(label, inventor.dice.pick([.free, .free, .busy, .tentative]))
        case 80..<85:
            guard await ownEvent(label) else { return nil }
            return .copy(label, as: inventor.nextLabel(), to: inventor.slot(today: today))
        case 85..<88: return .touch(label)
        default: return await inventSeriesAct(&inventor, label, side)
        }
    }

    private func make(_ inventor: inout Inventor, _ room: Int) -> Act {
        let slot = inventor.slot(today: today)
        let making: Act.Making =
            switch inventor.dice.roll(0..<10) {
            case 0..<5: .booking
            case 5..<8: .event(.written)
            case 8: .event(.invited)
            default: .event(.asked)
            }
        let isCalendars = making.side == .calendar
        let recurrence =
            inventor.dice.chance(surroundings.seriesShare)
            ? inventor.recurrence(from: slot, calendar, in: isCalendars ? surroundings.dialect : .complete) : nil
        return .make(inventor.nextLabel(), room: room, at: slot, as: making, recurrence: recurrence)
    }

    /// A recent meeting that stands on this side.
    private func someMeeting(_ inventor: inout Inventor, _ side: Side) async -> Label? {
        let recent = ledger.labels.suffix(16)
        guard !recent.isEmpty else { return nil }
        for _ in 0..<3 {
            let label = recent[recent.startIndex + inventor.dice.roll(0..<recent.count)]
            guard let entry = ledger[label] else { continue }
            switch side {
            case .loopBooking:
                if let id = entry.booking, bookings.booking(id)?.status.holdsRoom == true { return label }
            case .calendar:
                guard let id = entry.event, let event = await sites[entry.room].calendar.event(id) else { continue }
                // The room's copies of our own invitations are the attendant's, not a person's.
                let isOurs = id.rawValue.hasPrefix("copy")
                if !event.isCancelled, event.response != .declined, !isOurs { return label }
            }
        }
        return nil
    }

    private func ownEvent(_ label: Label) async -> Bool {
        guard let entry = ledger[label], let id = entry.event, !id.rawValue.hasPrefix("copy") else { return false }
        return await sites[entry.room].calendar.event(id) != nil
    }
}
