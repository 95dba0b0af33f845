import CalendarModel
import LoopBooking

extension Store {
    /// One organization's rooms and bookings, as LoopBooking's desk wants them.
    package func bookings(of organization: OrganizationID) -> OrganizationBookings {
        OrganizationBookings(store: self, organization: organization)
    }

    /// The desk of one organization.
    package func desk(
        of organization: OrganizationID, now: @escaping @Sendable () -> Instant,
        newID: @escaping @Sendable () -> String
    ) -> BookingDesk {
        BookingDesk(organization: organization, store: bookings(of: organization), now: now, newID: newID)
    }
}

extension Store {
    /// The rooms in which a series goes on beyond the slots that are written.
    package func roomsWithRollingSeries() async throws -> [(organization: OrganizationID, room: RoomID)] {
        try await driver.read { connection in
            try connection.query(
                """
                SELECT DISTINCT organization, room FROM bookings WHERE slots_through_us IS NOT NULL
                ORDER BY organization, room
                """
            ).map { (OrganizationID(try $0.text("organization")), RoomID(try $0.text("room"))) }
        }
    }
}

/// LoopBooking's port over the database, for one organization.
package struct OrganizationBookings: BookingStore {
    let store: Store
    let organization: OrganizationID

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any BookingReading) throws -> Value
    ) async throws -> Value {
        try await store.driver.read { try body(transaction(on: $0)) }
    }

    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any BookingTransaction) throws -> Value
    ) async throws -> Value {
        try await store.driver.write { try body(transaction(on: $0)) }
    }

    /// The port inside a transaction that is already under way: lets other topics of the store change bookings together
    /// with their own rows.
    package func transaction(on connection: any SQLConnection) -> some BookingTransaction {
        SQLBookingTransaction(store: store, organization: organization, connection: connection)
    }
}

/// One transaction's view of an organization's bookings. Every statement names the organization.
struct SQLBookingTransaction {
    let store: Store
    let organization: OrganizationID
    let connection: any SQLConnection

    var organizationValue: SQLValue { .text(organization.rawValue) }
}

extension SQLBookingTransaction: BookingTransaction {}
