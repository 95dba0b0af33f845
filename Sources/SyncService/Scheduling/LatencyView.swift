import CalendarModel
import CalendarTime
import SQLStore

/// How long changes take, as people see it.
package struct LatencyView: Encodable, Sendable {
    package struct Measure: Encodable, Sendable {
        package var count: Int
        package var meanSeconds: Double
        package var p95Seconds: Double
        package var maximumSeconds: Double

        package init(_ measure: LatencyMeasure) {
            count = measure.count
            meanSeconds = measure.mean.inSeconds
            p95Seconds = measure.p95.inSeconds
            maximumSeconds = measure.maximum.inSeconds
        }
    }

    package struct Hour: Encodable, Sendable {
        package var hour: String
        /// `calendar` or `loopBooking`.
        package var toward: String
        package var measure: Measure
    }

    /// This hour and the one before.
    package var now: Measure
    /// The week's hours with changes, oldest first.
    package var week: [Hour]

    package init(now: LatencyMeasure, week: [LatencyHour]) {
        self.now = Measure(now)
        self.week = week.map { hour in
            Hour(
                hour: Timestamps.rfc3339(hour.hour), toward: hour.toward.rawValue, measure: Measure(hour.measure))
        }
    }

    /// Of one link, or of the organization as a whole.
    package static func read(
        of organization: OrganizationID, link: LinkID? = nil, from store: Store, now: Instant
    ) async throws -> LatencyView {
        LatencyView(
            now: try await store.latency(
                of: organization, link: link, since: now.advanced(by: .seconds(-3600))),
            week: try await store.latencyHours(
                of: organization, link: link, since: now.advanced(by: .seconds(-7 * 86_400))))
    }
}
