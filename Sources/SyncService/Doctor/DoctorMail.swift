import CalendarModel
import SQLStore
import SyncEngine

/// To whom the doctor's news go: an organization's administrators, or those that its settings name, each in their language.
package struct DoctorMail: Sendable {
    /// Where the portal is, for links; nil when it is not known from outside.
    let portal: String?
    let phrases: DoctorPhrases

    package init(portal: String? = nil, phrases: DoctorPhrases = .plain) {
        self.portal = portal
        self.phrases = phrases
    }

    /// What writing to an organization's readers needs.
    func letters(of organization: OrganizationID, in store: Store) async throws -> DoctorLetters {
        let known = try await store.organization(organization)
        let settings = known?.settings ?? OrganizationSettings()
        let readers = try await store.members(of: organization).filter { member in
            let isReader = settings.doctorReaders?.contains(member.account.id) ?? (member.role == .administrator)
            return isReader && member.account.disabledAt == nil
        }
        return DoctorLetters(
            organization: organization, organizationName: known?.name ?? organization.rawValue,
            language: settings.language, readers: readers.map(\.account), portal: portal, phrases: phrases)
    }
}

struct DoctorLetters: Sendable {
    let organization: OrganizationID
    let organizationName: String
    /// For those who chose none.
    let language: String
    let readers: [Account]
    let portal: String?
    let phrases: DoctorPhrases

    /// One message a reader, with all of a run's news.
    func notices(of news: DoctorNews, run: DoctorRun) throws -> [Notice] {
        try readers.map { reader in
            let words = DoctorWords(language: reader.language ?? language, phrases: phrases)
            let message = Notification(
                id: "\(run.id)-\(reader.id)", address: reader.email, name: reader.name, language: words.language,
                subject: words.subject(of: news, organizationName),
                text: words.text(of: news, organizationName, reader: reader.name, link: link))
            return Notice(
                id: message.id, organization: organization, address: reader.email,
                content: try StoredJSON.text(message))
        }
    }

    private var link: String? { portal.map { "\($0)/o/\(organization.rawValue)/doctor" } }
}
