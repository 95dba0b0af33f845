import CalendarModel
import SyncEngine
import TestSupport

/// Acts in plain words, as the story of a failure is told.
extension Act {
    func words(_ calendar: StoryCalendar) -> String {
        func at(_ slot: Slot) -> String { calendar.words(slot) }
        switch self {
        case .make(let label, let room, let slot, let making, let recurrence):
            let repeats = recurrence.map { ", repeated \($0.words)" } ?? ""
            switch making {
            case .booking: return "Somebody books room \(room) in LoopBooking: #\(label), \(at(slot))\(repeats)."
            case .event(.written): return "Somebody writes #\(label) into calendar \(room): \(at(slot))\(repeats)."
            case .event: return "Somebody invites room \(room) to #\(label): \(at(slot))\(repeats)."
            }
        case .move(let label, let side, let slot): return "Somebody moves #\(label) \(side.words) to \(at(slot))."
        case .edit(let label, let side, let edit): return "Somebody changes #\(label) \(side.words): \(edit.words)."
        case .undo(let label, let side): return "Somebody undoes the last change of #\(label) \(side.words)."
        case .cancel(let label, let side): return "Somebody cancels #\(label) \(side.words)."
        case .show(let label, let showAs): return "Somebody shows #\(label) as \(showAs.rawValue) in the calendar."
        case .copy(let label, let copy, let slot):
            return "Somebody copies #\(label) in the calendar, with all that is hidden in it: #\(copy), \(at(slot))."
        case .touch(let label): return "The version of #\(label) changes in the calendar, and nothing else."
        case .occurrence(let label, let side, let original, let edit):
            return "Somebody changes the occurrence of \(original) of #\(label) \(side.words): \(edit.words(calendar))."
        case .series(let label, let side, let edit):
            return "Somebody changes the series #\(label) \(side.words): \(edit.words(calendar))."
        case .answerInvitations(let room): return "Room \(room)'s attendant answers its invitations."
        case .pause(let room): return "An administrator pauses link \(room)."
        case .resume(let room, let approving):
            let answer = approving.map { $0 ? ", approving the deletions" : ", to be written again" } ?? ""
            return "An administrator lets link \(room) run again\(answer)."
        case .restart: return "The service starts anew."
        case .rights(let room, let areGranted):
            return "The right to calendar \(room) is \(areGranted ? "granted again" : "taken away")."
        case .emptiness(let room, let isEmpty):
            return isEmpty ? "Calendar \(room) looks empty." : "Calendar \(room) shows its meetings again."
        case .days(let days): return "\(days) days go by."
        case .pass(let pass): return "A pass of link \(pass.room) on node \(pass.node)."
        }
    }
}

extension Side {
    var words: String { self == .calendar ? "in the calendar" : "in LoopBooking" }
}

extension Recurrence {
    var words: String {
        var parts = ["every \(rule.interval) of \(rule.frequency.rawValue)"]
        let days = RecurrenceRule.Weekday.allCases.filter(rule.weekdays.contains).map(\.rawValue)
        let ordinals = rule.ordinalDays.map { "\($0.ordinal). \($0.weekday.rawValue)" }.sorted()
        parts += days + ordinals
        let numbers = [
            ("days", rule.daysOfMonth), ("months", rule.months), ("days of the year", rule.daysOfYear),
            ("positions", rule.positions),
        ]
        for (name, set) in numbers where !set.isEmpty {
            parts.append("\(name) \(set.sorted().map(String.init).joined(separator: " "))")
        }
        if !additions.isEmpty { parts.append("and \(additions.sorted().map(\.description).joined(separator: " "))") }
        if !cancelled.isEmpty { parts.append("not \(cancelled.sorted().map(\.description).joined(separator: " "))") }
        return parts.joined(separator: ", ") + ", " + rule.end.words
    }
}

extension RecurrenceRule.End {
    var words: String {
        switch self {
        case .never: "without end"
        case .on(let date): "until \(date)"
        case .after(let count): "\(count) times"
        }
    }
}

extension Act.Edit {
    var words: String {
        switch self {
        case .subject(let number): "subject \(number)"
        case .body(let number): "notes \(number)"
        case .organizer(let number): "booked by person \(number)"
        case .sensitivity(let sensitivity): sensitivity.rawValue
        }
    }
}

extension Act.OccurrenceEdit {
    func words(_ calendar: StoryCalendar) -> String {
        switch self {
        case .cancel: "cancelled"
        case .restore: "on again"
        case .move(let slot): "moved to \(calendar.words(slot))"
        case .subject(let number): "subject \(number)"
        case .body(let number): "notes \(number)"
        }
    }
}

extension Act.SeriesEdit {
    func words(_ calendar: StoryCalendar) -> String {
        switch self {
        case .end(let end): end.words
        case .rule(let rule): "now \(Recurrence(rule: rule).words)"
        case .split(let from, let label, let slot): "cut at \(from); it goes on as #\(label), \(calendar.words(slot))"
        }
    }
}

extension Mishap {
    /// What happened, told after the name of the call; nil where people got in, because that is told act by act.
    var words: String? {
        switch self {
        case .crash(let afterwards): return "the process dies \(afterwards ? "right after it" : "before it")"
        case .meanwhile: return nil
        case .call(let fate):
            var parts: [String] = []
            if let refusal = fate.refusal { parts.append("is answered “\(refusal.rawValue)”") }
            if let calls = fate.landsAfter { parts.append("gets no answer, and lands \(calls) calls later") }
            if fate.halfDone { parts.append("is cut half way, and gets no answer") }
            if fate.losesAnswer { parts.append("works, and its answer is lost") }
            if fate.repeats { parts.append("brings meetings again") }
            if fate.lags { parts.append("lags behind") }
            if fate.isNoisy { parts.append("says that something unknown is gone") }
            if fate.cursorExpires { parts.append("finds its cursor expired") }
            return parts.joined(separator: ", ")
        }
    }
}
