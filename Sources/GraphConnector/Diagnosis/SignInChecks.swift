import CalendarModel
import SyncEngine

/// What a sign-in proves, one prerequisite each, in the order in which the manual has them. A sign-in that fails fails for
/// one of them; the others are not known then.
enum SignInCheck: String, CaseIterable {
    case account, password, twoFactor, application, consent, scopes, assignment, signIn

    var name: String { "microsoft.\(rawValue)" }

    var step: ManualStep {
        switch self {
        case .account: .createServiceAccount
        case .password: .neverExpirePassword
        case .twoFactor: .switchOffTwoFactor
        case .application: .registerApplication
        case .consent, .scopes: .grantAdminConsent
        case .assignment: .assignServiceAccount
        case .signIn: .enterCredentials
        }
    }

    /// Whether it is about a person's account, which an application's own sign-in does not have.
    var isAboutAccount: Bool {
        switch self {
        case .account, .password, .twoFactor, .assignment: true
        case .application, .consent, .scopes, .signIn: false
        }
    }

    /// The one that a refused sign-in names.
    static func blamed(for diagnosis: Diagnosis) -> SignInCheck {
        switch diagnosis.step {
        case .createServiceAccount: .account
        case .neverExpirePassword: .password
        case .switchOffTwoFactor: .twoFactor
        case .grantAdminConsent: .consent
        case .assignServiceAccount: .assignment
        case .registerApplication:
            ["microsoft.signIn.permissionUnknown", "microsoft.signIn.scopeInvalid"].contains(diagnosis.code)
                ? .scopes : .application
        default: .signIn
        }
    }

    static func notChecked(_ reason: String) -> [Finding] { allCases.map { $0.notChecked(reason) } }

    func notChecked(_ reason: String) -> Finding {
        Finding(check: name, verdict: .notChecked, evidence: reason, step: step)
    }

    func good(_ evidence: String) -> Finding { Finding(check: name, verdict: .good, evidence: evidence, step: step) }
}

extension GraphConnector {
    /// The findings, and whether there is a token to go on with.
    func signInFindings() async -> ([Finding], isSignedIn: Bool) {
        await client.tokens.tryAgain()
        do throws(ConnectorError) {
            try await client.tokens.signInAnew()
            let findings = signedIn(granted: await client.tokens.grantedScopes())
            return (findings, !findings.contains { $0.verdict == .bad })
        } catch {
            return (await refused(error), false)
        }
    }

    private func signedIn(granted: Set<String>?) -> [Finding] {
        SignInCheck.allCases.map { check in
            if configuration.serviceAccount == nil, check.isAboutAccount {
                return check.notChecked("Not needed: the connection uses the application's own permissions.")
            }
            let account = configuration.serviceAccount ?? "The application"
            switch check {
            case .account: return check.good("\(account) exists and may sign in.")
            case .password:
                return check.good("It has not expired. Whether it ever will cannot be seen from outside.")
            case .twoFactor: return check.good("\(account) signed in without a second factor being asked for.")
            case .application: return check.good("Microsoft knows the application and accepts its proof.")
            case .assignment: return check.good("\(account) may use the application.")
            case .signIn: return check.good("\(account) signed in to \(configuration.tenant).")
            case .consent, .scopes:
                guard let granted else {
                    return check.notChecked("An application's own permissions are seen only by using them.")
                }
                return check == .consent
                    ? check.good("The organization consented to the application.") : scopes(granted)
            }
        }
    }

    private func scopes(_ granted: Set<String>) -> Finding {
        let check = SignInCheck.scopes
        let missing = configuration.scopes.filter { !granted.contains($0) }
        guard !missing.isEmpty else {
            return check.good("Granted: \(configuration.scopes.joined(separator: ", ")).")
        }
        let row = SignInFault.row(for: 65001)
        return Finding(
            check: check.name, verdict: .bad, evidence: "Missing: \(missing.joined(separator: ", ")).",
            diagnosis: Diagnosis(
                code: "microsoft.signIn.permissionsMissing",
                summary: "The organization consented, but not to \(missing.joined(separator: ", ")).",
                consequence: SignInFault.consequence, remedy: row?.remedy ?? "", step: check.step,
                vendorCode: "AADSTS65001"))
    }

    private func refused(_ error: ConnectorError) async -> [Finding] {
        if error.isPassing {
            let signIn = SignInCheck.signIn
            return SignInCheck.allCases.map { check in
                guard check == signIn else {
                    return check.notChecked("Not checked: the sign-in service did not answer.")
                }
                return Finding(
                    check: check.name, verdict: .warning, evidence: error.diagnosis.summary,
                    diagnosis: error.diagnosis, step: check.step)
            }
        }
        let blamed = SignInCheck.blamed(for: error.diagnosis)
        if blamed == .consent, let granted = try? await client.tokens.permissionsConsented(), !granted.isEmpty {
            return SignInCheck.allCases.map { check in
                switch check {
                case .scopes: scopes(granted)
                case .consent: check.good("The organization consented to the application.")
                default: check.notChecked(Self.stopped(at: .scopes))
                }
            }
        }
        return SignInCheck.allCases.map { check in
            guard check == blamed else { return check.notChecked(Self.stopped(at: blamed)) }
            return Finding(
                check: check.name, verdict: .bad, evidence: error.diagnosis.summary, diagnosis: error.diagnosis,
                step: check.step)
        }
    }

    private static func stopped(at check: SignInCheck) -> String {
        "Not checked: signing in stopped at “\(check.step.title)”."
    }
}
