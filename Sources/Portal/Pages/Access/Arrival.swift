import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore
import SyncEngine

/// Somebody came back from a provider: whose account is it?
///
/// An identity signs in only as the account it was linked to. It is linked by the account's owner while signed in, by an
/// invitation that makes the account, or because the provider has proved that the account's address is the person's. An
/// address that is only claimed links nothing.
struct Arrival {
    let request: PageRequest
    let provider: any SignInProvider
    let person: OutsidePerson
    let journey: Journey

    private var store: Store { request.store }

    func answer() async throws -> Response {
        if let account = journey.linking { return try await link(to: account) }
        let known = try await store.account(issuer: person.issuer, subject: person.subject)
        if let known, known.disabledAt != nil { return request.signInFailure(.closed, provider, journey: journey) }
        if let secret = journey.invitation { return try await takeUp(secret, known) }
        if let known { return try await enter(known) }
        guard let proved = try await provedAccount() else {
            return request.signInFailure(.unknown, provider, journey: journey)
        }
        guard proved.disabledAt == nil else { return request.signInFailure(.closed, provider, journey: journey) }
        try await addIdentity(to: proved)
        return try await enter(proved)
    }

    /// The account whose address the provider has proved to be this person's.
    private func provedAccount() async throws -> Account? {
        guard person.emailIsProved, let email = person.email else { return nil }
        return try await store.account(email: email)
    }

    private func enter(_ account: Account) async throws -> Response {
        try await request.signedIn(account, next: journey.next, kept: journey.kept, method: provider.id)
    }

    private func addIdentity(to account: Account) async throws {
        let label = person.email ?? person.name
        try await store.addIdentity(
            Identity(
                issuer: person.issuer, subject: person.subject, account: account.id, provider: provider.id,
                label: label, createdAt: request.services.now()))
        try await request.services.audit(
            "account.identity.add", account.email, detail: "\(provider.name): \(label)", organization: nil,
            actor: account.email, kind: .account)
    }

    // MARK: From one's own account page

    private func link(to id: String) async throws -> Response {
        guard let account = request.visitor?.account, account.id == id else {
            return request.signInFailure(.stale, provider)
        }
        do { try await addIdentity(to: account) } catch AccountError.identityTaken {
            return request.redirect(
                "/account",
                notice: PageNotice(.error, request.words("account.identity.taken", ["name": provider.name])))
        }
        return request.redirect(
            "/account",
            notice: PageNotice(.success, request.words("account.identity.added", ["name": provider.name])))
    }

    // MARK: By an invitation

    private func takeUp(_ secret: String, _ known: Account?) async throws -> Response {
        let invitation: Invitation
        do { invitation = try await request.services.invitation(secret: secret) } catch is ErrandError {
            return request.page("invitation-over", title: request.words["invitation.over"], status: .notFound)
        }
        let home = "/o/\(Form.encoded(invitation.organization.rawValue))"
        if let present = try await store.account(email: invitation.email) {
            guard present.disabledAt == nil else { return request.signInFailure(.closed, provider, journey: journey) }
            // Who holds an invitation has not proved to own the account that is there already.
            let proved = try await provedAccount()
            guard known?.id == present.id || (known == nil && proved?.id == present.id) else {
                return request.signInFailure(.otherPerson, provider, journey: journey)
            }
            if known == nil { try await addIdentity(to: present) }
            try await request.services.join(by: invitation, present, isNew: false)
            return try await request.signedIn(present, next: home, kept: nil, method: provider.id)
        }
        guard known == nil else { return request.signInFailure(.otherPerson, provider, journey: journey) }
        let name = canonicalLine(person.name)
        let account = Account(
            id: request.services.newID(), email: invitation.email,
            name: (1...100).contains(name.count) ? name : invitation.email, createdAt: request.services.now())
        do { try await request.services.join(by: invitation, account, isNew: true) } catch is ErrandError {
            return request.page("invitation-over", title: request.words["invitation.over"], status: .notFound)
        }
        try await addIdentity(to: account)
        return try await request.signedIn(account, next: home, kept: nil, method: provider.id)
    }
}

/// Why nobody was signed in.
enum SignInFailure: String, CaseIterable {
    /// The person pressed Cancel.
    case cancelled
    /// The way back was used already, is too old, was begun elsewhere, or is forged.
    case stale
    /// The provider, or its answer, says no.
    case refused
    /// The provider cannot be asked.
    case unreachable
    /// Nobody's account.
    case unknown
    /// The account is closed.
    case closed
    /// The invitation is for somebody else's account.
    case otherPerson

    var status: HTTPResponse.Status {
        switch self {
        case .cancelled: .ok
        case .stale: .conflict
        case .refused, .unknown, .closed, .otherPerson: .forbidden
        case .unreachable: .badGateway
        }
    }
}

extension PageRequest {
    func signInFailure(
        _ failure: SignInFailure, _ provider: any SignInProvider, _ error: (any Error)? = nil,
        journey: Journey? = nil
    ) -> Response {
        let key = "signIn.failed.\(failure.rawValue)"
        let names = ["name": provider.name]
        // Nothing typed is lost: signing in can be tried again at once.
        if let journey, let kept = journey.kept {
            let text = "\(words(key, names)). \(words("\(key).text", names)) \(words("\(key).do", names))"
            return signInPage(next: journey.next, keeping: kept, error: text, status: failure.status)
        }
        return page(
            "sign-in-failed", title: words(key, names), status: failure.status,
            [
                "text": .string(words("\(key).text", names)), "remedy": .string(words("\(key).do", names)),
                "diagnosis": diagnosis((error as? any DiagnosedError)?.diagnosis),
                "back": .string(visitor == nil ? "/sign-in" : "/account"),
            ])
    }
}
