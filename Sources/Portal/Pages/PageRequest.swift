import CalendarModel
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import LoopBooking
import SQLStore
import Vault

/// A request for a page, with who asks, in which language, and the organization it is about.
package struct PageRequest: Sendable {
    package let request: Request
    package let context: PortalContext
    package let services: PortalServices
    /// Nil for people who are not signed in.
    package let visitor: Visitor?
    /// The organization in the address, which the visitor belongs to; nil on pages that are about none.
    package let membership: Membership?
    package let words: Words
    package let theme: String?
    /// What a form that was sent holds; empty for other requests.
    package let form: Form
    let formToken: String
    let notice: PageNotice?

    package var language: Language { words.language }
    package var store: Store { services.store }

    /// What the visitor may do in the organization of the page.
    package var permissions: Set<Permission> {
        guard let visitor, let membership else { return [] }
        let operating: Set<Permission> = visitor.account.isOperator ? [.operate] : []
        return membership.role.permissions.union(operating)
    }

    /// The organization of the page.
    /// - Throws: a 404 on pages that are about none.
    package func organization() throws -> Organization {
        guard let membership else { throw Problem.notFound("This page is about no organization.") }
        return membership.organization
    }

    package func account() throws -> Account {
        guard let visitor else { throw Problem.unauthorized(isPresent: false) }
        return visitor.account
    }

    /// The author of what this person changes.
    package func author() throws -> ChangeAuthor { .person(try account().name) }

    /// The desk of the page's organization.
    package func desk() throws -> BookingDesk { services.desk(of: try organization().id) }

    /// A part of the address, such as `room`.
    package func parameter(_ name: String) throws -> String {
        guard let value = context.parameters.get(name), let decoded = value.removingPercentEncoding else {
            throw Problem.notFound("The address lacks its \(name).")
        }
        return decoded
    }

    /// A parameter of the query; nil when it is not there or empty.
    package func query(_ name: String) -> String? {
        // As a form: browsers write a blank as a plus sign.
        let value = Form(encoded: request.uri.query ?? "")[name]
        return value.isEmpty ? nil : value
    }

    /// An address below the organization, such as `/o/acme/rooms`.
    package func path(_ rest: String = "") throws -> String {
        let id = Form.encoded(try organization().id.rawValue)
        return rest.isEmpty ? "/o/\(id)" : "/o/\(id)/\(rest)"
    }

    /// Writes a line of the audit log in the visitor's name, about the page's organization when there is one.
    package func audit(_ action: String, _ subject: String, detail: String = "") async throws {
        try await services.audit(
            action, subject, detail: detail, organization: membership?.organization.id, actor: try account().email,
            kind: .account)
    }
}

/// Somebody who is signed in.
package struct Visitor: Sendable {
    package let account: Account
    package let session: Session
    /// Where the account belongs, by name.
    package let memberships: [Membership]
}

/// What a page says once about what was just done.
package struct PageNotice: Sendable, Hashable {
    package enum Kind: String, Sendable { case info, success, warning, error }

    package var kind: Kind
    package var text: String

    package init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }
}
