import CalendarModel

/// A person who signs in to the portal.
package struct Account: Hashable, Sendable {
    package var id: String
    /// As the person writes it; compared without case.
    package var email: String
    package var name: String
    /// A scrypt hash; nil for those who only sign in elsewhere (OpenID Connect).
    package var password: String?
    package var isOperator: Bool
    /// `en` or `nb`; nil: as the browser asks.
    package var language: String?
    /// `light` or `dark`; nil: as the system has it.
    package var theme: String?
    package var createdAt: Instant
    package var disabledAt: Instant?
    package var signedInAt: Instant?

    package init(
        id: String, email: String, name: String, password: String? = nil, isOperator: Bool = false,
        language: String? = nil, theme: String? = nil, createdAt: Instant, disabledAt: Instant? = nil,
        signedInAt: Instant? = nil
    ) {
        self.id = id
        self.email = email
        self.name = name
        self.password = password
        self.isOperator = isOperator
        self.language = language
        self.theme = theme
        self.createdAt = createdAt
        self.disabledAt = disabledAt
        self.signedInAt = signedInAt
    }

    /// By what an address is compared.
    package static func key(_ email: String) -> String { canonicalLine(email).lowercased() }

    static let columns = """
        accounts.id AS id, accounts.email AS email, accounts.name AS name, accounts.password AS password,
        accounts.is_operator AS is_operator, accounts.language AS language, accounts.theme AS theme,
        accounts.created_us AS account_created_us, accounts.disabled_us AS disabled_us,
        accounts.signed_in_us AS signed_in_us
        """

    init(_ row: SQLRow) throws {
        self.init(
            id: try row.text("id"), email: try row.text("email"), name: try row.text("name"),
            password: try row.optionalText("password"), isOperator: try row.bool("is_operator"),
            language: try row.optionalText("language"), theme: try row.optionalText("theme"),
            createdAt: Instant(microseconds: try row.integer("account_created_us")),
            disabledAt: try row.optionalInteger("disabled_us").map(Instant.init(microseconds:)),
            signedInAt: try row.optionalInteger("signed_in_us").map(Instant.init(microseconds:)))
    }
}

/// An account's place in an organization.
package struct Membership: Hashable, Sendable {
    package var organization: Organization
    package var role: Role

    package init(organization: Organization, role: Role) {
        self.organization = organization
        self.role = role
    }
}

/// A person in an organization's list of people.
package struct Member: Hashable, Sendable {
    package var account: Account
    package var role: Role
}

package enum AccountError: Error, Hashable, Sendable {
    case emailTaken(String)
    case noSuchAccount
    /// An organization keeps at least one administrator, an installation one operator, an account one way to sign in.
    case lastOne
    /// The person at the other site signs in as somebody else here.
    case identityTaken
}
