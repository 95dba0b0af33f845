import CalendarModel
import CalendarTime
import ICalendar

/// How far ahead, and how far back, the slots of a series are kept.
///
/// An endless or very long series is allowed to reach beyond the room's horizon: it holds slots further ahead than anybody
/// can book the room, and gets more as time goes by, without being rewritten. So nobody who books by the rules can ever
/// be in its way.
package enum SlotHorizon {
    /// However short a room's horizon is, slots are kept as far ahead as the calendar side is read.
    static let fewestDays = 400
    /// Slots of a series that are longer over than this are not kept when it is written again.
    static let daysBack = 400

    /// Up to where slots are written.
    package static func end(for room: Room, now: Instant) -> Instant { advanced(now, room: room, spare: 60) }

    /// Series whose slots end before this get more.
    package static func due(for room: Room, now: Instant) -> Instant { advanced(now, room: room, spare: 30) }

    static func begin(now: Instant) -> Instant { now.advanced(by: .seconds(-daysBack * 86_400)) }

    private static func advanced(_ now: Instant, room: Room, spare: Int) -> Instant {
        now.advanced(by: .seconds((max(room.rules.horizonDays, fewestDays) + spare) * 86_400))
    }
}

/// The slots that a booking wants, each known by its occurrence.
struct ClaimedSlots {
    struct Claim: Hashable {
        /// Nil for a single meeting.
        var original: WallTime?
        var span: TimeSpan
    }

    /// In order of start. Claims of one booking may overlap each other: a calendar allows that.
    var claims: [Claim]
    let reach: TimeSpan
    let through: Instant?

    /// - Parameter zone: the room's.
    init(of booking: Booking, in room: Room, now: Instant) {
        let meeting = booking.meeting
        reach = meeting.reach(roomZone: room.zone)
        guard booking.status.holdsRoom else {
            claims = []
            through = nil
            return
        }
        guard let series = Series(meeting, roomZone: room.zone) else {
            claims = meeting.showAs.holdsRoom && !meeting.span.isEmpty ? [Claim(span: meeting.span)] : []
            through = nil
            return
        }
        let end = SlotHorizon.end(for: room, now: now)
        let isWhole = reach.end <= end
        through = isWhole ? nil : end
        let window = TimeSpan(
            start: max(reach.start, SlotHorizon.begin(now: now)), end: isWhole ? reach.end : end)
        claims = series.occurrences(in: window)
            .filter { $0.holdsRoom(in: meeting) && !$0.span.isEmpty }
            .map { Claim(original: $0.original, span: $0.span) }
    }

    /// What to hold: overlapping claims become one slot.
    var holding: Holding {
        var slots: [TimeSpan] = []
        for claim in claims {
            if let last = slots.last, claim.span.start < last.end {
                slots[slots.count - 1].end = max(last.end, claim.span.end)
            } else {
                slots.append(claim.span)
            }
        }
        return Holding(reach: reach, slots: slots, through: through)
    }
}

extension Holding {
    /// What a booking holds when nobody is in its way.
    package init(of booking: Booking, in room: Room, now: Instant) {
        self = ClaimedSlots(of: booking, in: room, now: now).holding
    }
}
