import CalendarModel

/// What an organization's administrators choose for all its people.
package struct OrganizationSettings: Hashable, Sendable, Codable {
    /// Of e-mails to people who chose no language for themselves: `en` or `nb`.
    package var language: String
    /// In which zone moments are shown that belong to no room; nil: where most rooms are.
    package var timeZone: ZoneID?
    /// The accounts that get the doctor's e-mails; nil: all administrators.
    package var doctorReaders: [String]?
    /// How members may sign in, such as `password` or `microsoft`; nil: in every way that the installation offers.
    package var signInMethods: [String]?

    package init(
        language: String = "en", timeZone: ZoneID? = nil, doctorReaders: [String]? = nil,
        signInMethods: [String]? = nil
    ) {
        self.language = language
        self.timeZone = timeZone
        self.doctorReaders = doctorReaders
        self.signInMethods = signInMethods
    }

    /// What is not there has its standard value: settings grow over the years.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        language = try fields.decodeIfPresent(String.self, forKey: .language) ?? "en"
        timeZone = try fields.decodeIfPresent(ZoneID.self, forKey: .timeZone)
        doctorReaders = try fields.decodeIfPresent([String].self, forKey: .doctorReaders)
        signInMethods = try fields.decodeIfPresent([String].self, forKey: .signInMethods)
    }

    package func allows(signIn method: String) -> Bool { signInMethods?.contains(method) ?? true }
}
