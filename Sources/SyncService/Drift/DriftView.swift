import CalendarModel
import CalendarTime
import SQLStore
import SyncEngine

/// A link's newest comparison as people see it.
package struct DriftView: Encodable, Sendable {
    package struct Item: Encodable, Sendable {
        package var id: String
        package var kind: String
        package var booking: String?
        package var event: String?
        package var field: String?
        package var occurrence: String?
        package var sentence: String
        /// The value in LoopBooking, and the one in the calendar.
        package var here: String?
        package var there: String?
        package var repairedAt: String?
        package var outcome: String?
    }

    package var link: String
    package var title: String
    /// Nil when it was never compared.
    package var comparedAt: String?
    /// `scheduled` or `asked`.
    package var occasion: String?
    package var bookings = 0
    package var events = 0
    package var underWay = 0
    package var remarks: [String] = []
    package var failure: Diagnosis?
    package var items: [Item] = []

    package var open: [Item] { items.filter { $0.repairedAt == nil } }

    package init(_ record: DriftRecord?, of link: Link) {
        self.link = link.id.rawValue
        title = link.title
        guard let record else { return }
        comparedAt = Timestamps.rfc3339(record.report.finishedAt)
        occasion = record.report.occasion.rawValue
        bookings = record.report.bookings
        events = record.report.events
        underWay = record.report.underWay
        remarks = record.report.remarks
        failure = record.report.failure
        items = record.entries.map(Item.init)
    }
}

extension DriftView.Item {
    init(_ entry: DriftEntry) {
        let item = entry.item
        id = item.id
        kind = item.kind.rawValue
        booking = item.booking.map { OccurrenceBookingID.whole($0).rawValue }
        event = item.event?.rawValue
        field = item.field?.rawValue
        occurrence = item.occurrence?.description
        sentence = item.sentence
        here = item.here
        there = item.there
        repairedAt = entry.repairedAt.map { Timestamps.rfc3339($0) }
        outcome = entry.outcome
    }
}

/// What was done with an item.
package struct DriftOutcome: Encodable, Sendable {
    package var id: String
    package var kind: String
    package var sentence: String
    package var outcome: String

    package init(_ result: (item: DriftItem, outcome: String)) {
        id = result.item.id
        kind = result.item.kind.rawValue
        sentence = result.item.sentence
        outcome = result.outcome
    }
}
