import CalendarModel
import Portal
import SQLStore

extension Installation {
    /// Writes into the audit log what a command did.
    /// - Parameter command: as it is typed after `loopsync`.
    func audit(
        _ action: String, _ subject: String, detail: String = "", by command: String, of organization: OrganizationID?
    ) async throws {
        try await portalServices(worker: worker(), address: PublicAddress(settings)).audit(
            action, subject, detail: detail, organization: organization, actor: "loopsync \(command)", kind: .command)
    }
}
