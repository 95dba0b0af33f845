import CalendarModel
import CalendarTime
import SQLStore

/// What an administrator wants an organization's settings to be, as it was typed.
struct SettingsDraft: Sendable {
    var name: String
    var language: String
    /// Empty: where most rooms are.
    var timeZone: String
    /// Nil: all administrators.
    var doctorReaders: [String]?
    /// Nil: every way.
    var signInMethods: [String]?
}

/// What is wrong with it, field by field.
enum SettingsComplaint: String, Hashable, Sendable {
    case name, language, timeZone, doctorReaders, signInMethods
    /// Who saves it would be locked out.
    case locksOut
}

extension AccessDesk {
    /// The ways to sign in that this installation offers.
    var offeredMethods: [String] { [Session.password] + services.signInProviders.map(\.id) }

    /// - Parameter session: of the person who saves; nil for programs and operators, who are not kept out.
    func complaints(_ draft: SettingsDraft, session: Session?) async throws -> [SettingsComplaint] {
        var complaints: [SettingsComplaint] = []
        if !(1...100).contains(draft.name.count) { complaints.append(.name) }
        if Language(rawValue: draft.language) == nil { complaints.append(.language) }
        if !draft.timeZone.isEmpty, Zones.known(draft.timeZone) == nil { complaints.append(.timeZone) }
        if let readers = draft.doctorReaders {
            let members = Set(try await store.members(of: organization.id).map(\.account.id))
            if !members.isSuperset(of: readers) { complaints.append(.doctorReaders) }
        }
        if let methods = draft.signInMethods {
            if methods.isEmpty || !Set(offeredMethods).isSuperset(of: methods) {
                complaints.append(.signInMethods)
            } else if let session, !methods.contains(session.method) {
                complaints.append(.locksOut)
            }
        }
        return complaints
    }

    /// Keeps settings without complaints.
    func save(_ draft: SettingsDraft) async throws {
        let settings = OrganizationSettings(
            language: draft.language, timeZone: draft.timeZone.isEmpty ? nil : Zones.known(draft.timeZone),
            doctorReaders: draft.doctorReaders, signInMethods: draft.signInMethods)
        let before = organization
        try await store.update(Organization(id: before.id, name: draft.name, settings: settings))
        var changes: [String] = []
        if before.name != draft.name { changes.append("\(before.name) → \(draft.name)") }
        if before.settings.language != settings.language { changes.append(settings.language) }
        if before.settings.timeZone != settings.timeZone { changes.append(settings.timeZone?.name ?? "–") }
        if before.settings.doctorReaders != settings.doctorReaders { changes.append("doctor") }
        if before.settings.signInMethods != settings.signInMethods {
            changes.append((settings.signInMethods ?? offeredMethods).joined(separator: ", "))
        }
        try await audit("settings.change", draft.name, detail: changes.joined(separator: "; "))
    }
}
