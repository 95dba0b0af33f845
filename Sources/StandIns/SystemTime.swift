import CalendarModel
import Foundation

/// The machine's clock, for programs; tests bring their own.
package enum SystemTime {
    @Sendable package static func now() -> Instant {
        Instant(microseconds: Int64((Date().timeIntervalSince1970 * 1_000_000).rounded()))
    }
}
