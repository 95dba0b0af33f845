import CalendarModel
import SyncEngine

/// When each organization is checked next, and which troubles of its links the last check was made for.
extension Store {
    /// When the organization's turn comes; nil when it was never set.
    package func nextDoctorTurn(of organization: OrganizationID) async throws -> Instant? {
        try await driver.read { connection in
            try connection.first(
                "SELECT next_us FROM doctor_schedule WHERE organization = $1", [.text(organization.rawValue)])?
                .integer("next_us")
        }.map(Instant.init(microseconds:))
    }

    /// Takes the organization's turn when it has come, and sets the next one; false while it has not, or another node was
    /// faster.
    package func takeDoctorTurn(of organization: OrganizationID, now: Instant, next: Instant) async throws -> Bool {
        try await driver.write { connection in
            let known = try connection.first(
                "SELECT next_us FROM doctor_schedule WHERE organization = $1", [.text(organization.rawValue)])
            if let known, try known.integer("next_us") > now.microseconds { return false }
            try connection.execute(
                """
                INSERT INTO doctor_schedule (organization, next_us) VALUES ($1, $2)
                ON CONFLICT (organization) DO UPDATE SET next_us = excluded.next_us
                """, [.text(organization.rawValue), .integer(next.microseconds)])
            return true
        }
    }

    /// Takes the turn for troubles that are not those of the last time; false when they are the same, or it is too soon.
    /// - Parameter troubles: what is wrong with which link, as one text; empty when nothing is.
    package func takeDoctorTurn(
        of organization: OrganizationID, troubles: String, now: Instant, pause: Duration
    ) async throws -> Bool {
        try await driver.write { connection in
            let known = try connection.first(
                "SELECT troubles, troubles_us FROM doctor_schedule WHERE organization = $1",
                [.text(organization.rawValue)])
            guard let known, try known.text("troubles") != troubles else { return false }
            if let last = try known.optionalInteger("troubles_us"),
                now.since(Instant(microseconds: last)) < pause
            {
                return false
            }
            try connection.execute(
                "UPDATE doctor_schedule SET troubles = $2, troubles_us = $3 WHERE organization = $1",
                [.text(organization.rawValue), .text(troubles), .integer(now.microseconds)])
            return true
        }
    }
}
