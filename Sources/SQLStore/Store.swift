import CalendarModel
import LoopBooking

/// Everything the product keeps, in one database. Each topic is an extension of this type in a folder of its own.
package struct Store: Sendable {
    package let driver: any SQLDriver

    /// Runs after each booking change, in its transaction: what must happen together with the change (such as making
    /// the room's link due). The record tells the room, the author and the time.
    package var afterBookingChange: (@Sendable (any SQLConnection, BookingChangeRecord) throws -> Void)?

    /// Whether a room's bookings can be promised now, read in the transaction of the booking. Rooms without a link are
    /// certain.
    package var roomCertainty: (@Sendable (any SQLConnection, OrganizationID, RoomID, Instant) throws -> RoomCertainty)?

    /// Why a room cannot be removed, in words for people; nil when nothing needs it.
    package var roomUse: (@Sendable (any SQLConnection, OrganizationID, RoomID) throws -> String?)?

    package init(driver: any SQLDriver) { self.driver = driver }
}
