import CalendarModel
import SyncEngine
import TestSupport

/// A meeting of a story, by the number under which its people know it.
package typealias Label = Int

/// One thing that happens in a simulated world. Everything random about it was decided before, so that the same acts in the
/// same order are the same story; an act whose meeting is not there does nothing, so that acts can be left out.
package indirect enum Act: Hashable, Sendable {
    /// Somebody makes a meeting in a room.
    case make(Label, room: Int, at: Slot, as: Making, recurrence: Recurrence?)
    case move(Label, Side, to: Slot)
    case edit(Label, Side, Edit)
    /// Whoever changed the meeting last on this side puts back what was there before.
    case undo(Label, Side)
    case cancel(Label, Side)
    /// The calendar's meeting is shown as free, or as busy again.
    case show(Label, ShowAs)
    /// Somebody copies the calendar's meeting, with everything hidden in it.
    case copy(Label, as: Label, to: Slot)
    /// The calendar's version of the meeting changes, and nothing else.
    case touch(Label)
    case occurrence(Label, Side, WallTime, OccurrenceEdit)
    case series(Label, Side, SeriesEdit)
    /// The room's attendant answers what it was invited to.
    case answerInvitations(room: Int)

    case pause(room: Int)
    /// A paused or stopped link runs again; `approving` answers what a stopped one asks.
    case resume(room: Int, approving: Bool?)
    /// The service starts anew: what it had in memory only is gone.
    case restart
    case rights(room: Int, areGranted: Bool)
    case emptiness(room: Int, isEmpty: Bool)
    case days(Int)
    case pass(Pass)

    package enum Making: Hashable, Sendable {
        case booking
        case event(InMemoryCalendar.Way)

        var side: Side { self == .booking ? .loopBooking : .calendar }
    }

    package enum Edit: Hashable, Sendable {
        case subject(Int)
        case body(Int)
        case organizer(Int)
        case sensitivity(Sensitivity)
    }

    package enum OccurrenceEdit: Hashable, Sendable {
        case cancel
        /// A cancelled one is on again.
        case restore
        case move(Slot)
        case subject(Int)
        case body(Int)
    }

    package enum SeriesEdit: Hashable, Sendable {
        /// Another end: shorter, longer, endless.
        case end(RecurrenceRule.End)
        case rule(RecurrenceRule)
        /// Ends before an occurrence; from there on it is another series, with another time of day.
        case split(from: WallTime, as: Label, to: Slot)
    }
}

/// A pass of a link, with what happens while it runs.
package struct Pass: Hashable, Sendable {
    package var room: Int
    package var node: Int
    package var mishaps: [CallPlace: Mishap] = [:]
}

/// One call of a pass: the second reading of the bookings, the first `events.create`.
package struct CallPlace: Hashable, Comparable, Sendable {
    package var name: String
    package var number: Int

    package static func < (left: CallPlace, right: CallPlace) -> Bool {
        (left.name, left.number) < (right.name, right.number)
    }
}

/// What happens at one call of a pass.
package enum Mishap: Hashable, Sendable {
    /// The calendar system misbehaves.
    case call(CallFate)
    /// The process dies, before the call does anything or after it did.
    case crash(afterwards: Bool)
    /// Other people, or another node, get in between.
    case meanwhile([Step])
}

/// An act, and how long the world waits before it.
package struct Step: Hashable, Sendable {
    package var seconds: Int
    package var act: Act
}

/// A time in a story.
package struct Slot: Hashable, Sendable {
    /// Days after the day on which the story starts.
    package var day: Int
    /// Half hours after midnight; nil for whole days.
    package var halfHour: Int?
    /// How long; a whole-day meeting of more than 1440 minutes has several days.
    package var minutes: Int
    package var zone: ZoneID
}
