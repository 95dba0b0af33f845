import CalendarModel

/// What somebody decided about a clash: in every contest the winner's meeting comes before the loser's, whatever the link's
/// policy says.
package struct ClashRuling: Hashable, Sendable, Codable {
    /// One of the two meetings, by all the ids it is known by.
    package struct Party: Hashable, Sendable, Codable {
        package var booking: BookingID?
        package var event: EventID?
        /// Set when the ruling is about one occurrence of the series only.
        package var occurrence: WallTime?

        package init(booking: BookingID?, event: EventID?, occurrence: WallTime? = nil) {
            self.booking = booking
            self.event = event
            self.occurrence = occurrence
        }

        /// Whether a party of a contest is this one, or an occurrence of it.
        package func covers(_ party: ClashNote.Party) -> Bool {
            let sameBooking = booking != nil && booking == party.booking
            let sameEvent = event != nil && event == party.event
            return (sameBooking || sameEvent) && (occurrence == nil || occurrence == party.occurrence)
        }
    }

    package var winner: Party
    package var loser: Party
    package var decidedAt: Instant

    package init(winner: Party, loser: Party, decidedAt: Instant) {
        self.winner = winner
        self.loser = loser
        self.decidedAt = decidedAt
    }

    /// Whether it says that `first` keeps the slot against `second`.
    package func decides(_ first: ClashNote.Party, over second: ClashNote.Party) -> Bool {
        winner.covers(first) && loser.covers(second)
    }
}
