import OpenID
import Portal
import SyncEngine

/// Signing in at one OpenID Connect provider, for the portal.
struct OpenIDSignIn: SignInProvider {
    let provider: OpenIDProvider

    var id: String { provider.id }
    var name: String { provider.displayName }

    func address(state: String, nonce: String, challenge: String, redirectURI: String) async throws -> String {
        do {
            return try await provider.authorizationURL(
                state: state, nonce: nonce, challenge: challenge, redirectURI: redirectURI)
        } catch { throw Self.refusal(error) }
    }

    func person(code: String, verifier: String, nonce: String, redirectURI: String) async throws -> OutsidePerson {
        let identity: OpenIDIdentity
        do {
            identity = try await provider.identity(
                code: code, verifier: verifier, nonce: nonce, redirectURI: redirectURI)
        } catch { throw Self.refusal(error) }
        return OutsidePerson(
            issuer: identity.issuer, subject: identity.subject, email: identity.email,
            emailIsProved: identity.emailIsTrusted, name: identity.name ?? identity.accountName ?? "")
    }

    private static func refusal(_ error: OpenIDError) -> SignInRefusal {
        SignInRefusal(
            Diagnosis(
                code: error.code, summary: error.summary, consequence: error.consequence, remedy: error.remedy,
                vendorCode: error.providerCode))
    }
}

extension Installation {
    var signInProviders: [any SignInProvider] {
        settings.signIn.providers.map { settings in
            OpenIDSignIn(
                provider: OpenIDProvider(settings: settings, transport: transport, now: Self.now, logger: logger))
        }
    }
}
