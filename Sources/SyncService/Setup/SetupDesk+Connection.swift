import CalendarModel
import Foundation
import SQLStore
import SyncEngine

// Application, consent, and who signs in.
extension SetupDesk {
    /// What somebody entered for the connection; nil leaves a part as it is. An empty secret does too: they are never shown.
    package struct Entries: Hashable, Sendable {
        package var name: String?
        package var tenant: String?
        package var usesOwnApplication: Bool?
        package var clientID: String?
        package var account: String?
        package var signIn: SetupSignIn?
        /// `password`, `clientSecret`, `certificate`, `privateKey`.
        package var secrets: [String: String]

        package init(
            name: String? = nil, tenant: String? = nil, usesOwnApplication: Bool? = nil, clientID: String? = nil,
            account: String? = nil, signIn: SetupSignIn? = nil, secrets: [String: String] = [:]
        ) {
            self.name = name
            self.tenant = tenant
            self.usesOwnApplication = usesOwnApplication
            self.clientID = clientID
            self.account = account
            self.signIn = signIn
            self.secrets = secrets.filter { !$0.value.isEmpty }
        }
    }

    package static let secretFields = ["password", "clientSecret", "certificate", "privateKey"]

    /// Keeps what was entered. What was proved for other entries is forgotten.
    /// - Throws: ``SetupError/fields(_:)`` with everything that is wrong; then nothing is kept.
    @discardableResult
    package func enter(
        _ entries: Entries, into id: ConnectionID, ifRevision revision: Int64? = nil, by author: String
    ) async throws -> SetupDraft {
        let setup = try await setup(id)
        let port = try port(of: setup)
        var draft = setup.draft
        apply(entries, to: &draft)
        var complaints = complaints(about: draft, port: port, entered: entries)
        for (name, secret) in entries.secrets where Self.complaint(about: secret, named: name) != nil {
            complaints[name] = Self.complaint(about: secret, named: name)
        }
        guard complaints.isEmpty else { throw SetupError.fields(complaints) }
        let others = try await all().filter { $0.record.id != id }
        if others.contains(where: { $0.draft.name.lowercased() == draft.name.lowercased() }) {
            throw SetupError.nameTaken
        }
        if !draft.tenant.isEmpty, draft.tenant.lowercased() != setup.draft.tenant.lowercased() {
            _ = try await answering { try await port.tenantID(of: draft) }
        }
        let secrets = entries.secrets.mapValues { Optional($0.trimmingCharacters(in: .newlines)) }
        let kept = try await change(
            id, secrets: secrets, ifRevision: revision ?? setup.record.revision, by: author
        ) { kept in
            let before = kept
            apply(entries, to: &kept)
            kept.forgetProofs(unlessSameAs: before)
            // Whether they work is seen by signing in.
            if !secrets.isEmpty {
                kept.proof = nil
                kept.provedAt = nil
            }
            if entries.account != nil || entries.signIn != nil { kept.problems[SetupStep.account.rawValue] = nil }
            if entries.tenant != nil || entries.clientID != nil { kept.problems[SetupStep.connection.rawValue] = nil }
        }
        // Another name needs no new sign-in.
        if setup.hasConnection, secrets.isEmpty, kept.name != setup.draft.name, kept.proof == setup.draft.proof {
            try await connect(kept, id: id, port: port)
        }
        return kept
    }

    private func apply(_ entries: Entries, to draft: inout SetupDraft) {
        if let name = entries.name { draft.name = canonicalLine(name) }
        if let tenant = entries.tenant { draft.tenant = canonicalLine(tenant) }
        if let own = entries.usesOwnApplication { draft.usesOwnApplication = own }
        if let client = entries.clientID { draft.clientID = canonicalLine(client) }
        if let account = entries.account { draft.account = canonicalLine(account) }
        if let signIn = entries.signIn { draft.signIn = signIn }
    }

    func complaints(about draft: SetupDraft, port: any ConnectionSetup) -> [String: SetupError.Complaint] {
        complaints(about: draft, port: port, entered: nil)
    }

    /// - Parameter entered: only fields that were entered just now are complained about as missing; all when nil.
    private func complaints(
        about draft: SetupDraft, port: any ConnectionSetup, entered: Entries?
    ) -> [String: SetupError.Complaint] {
        var result: [String: SetupError.Complaint] = [:]
        if draft.name.isEmpty { result["name"] = .missing }
        if draft.name.count > 100 { result["name"] = .tooLong }
        let isTenant = draft.tenant.allSatisfy { $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" }
        if !isTenant || draft.tenant.count > 253
            || (!draft.tenant.isEmpty && !draft.tenant.contains(where: ".-".contains))
        {
            result["tenant"] = .notATenant
        }
        if draft.usesOwnApplication, entered == nil || entered?.clientID != nil {
            if draft.clientID.isEmpty { result["clientID"] = .missing }
            if !draft.clientID.isEmpty, UUID(uuidString: draft.clientID) == nil { result["clientID"] = .notAnID }
        }
        if !draft.usesOwnApplication, !port.features.hasOperatorApplication { result["application"] = .otherWay }
        if !port.features.ways.contains(draft.signIn) { result["signIn"] = .otherWay }
        if draft.signIn.usesAccount, entered?.account != nil {
            if draft.account.isEmpty { result["account"] = .missing }
            if !draft.account.isEmpty, !Self.isAddress(draft.account) { result["account"] = .notAnAddress }
        }
        return result
    }

    static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && parts[1].contains(".") && text.count <= 254
            && !text.contains { $0.isWhitespace || "<>\"',;".contains($0) }
    }

    private static func complaint(about secret: String, named name: String) -> SetupError.Complaint? {
        guard secretFields.contains(name) else { return .unknown }
        if secret.count > 20_000 { return .tooLong }
        let isPEM = secret.contains("-----BEGIN ") && secret.contains("-----END ")
        return ["certificate", "privateKey"].contains(name) && !isPEM ? .notPEM : nil
    }

    // MARK: Consent

    package func consentLink(_ id: ConnectionID, redirectURI: String, state: String) async throws -> String {
        let setup = try await setup(id)
        return try port(of: setup).consentLink(setup.draft, redirectURI: redirectURI, state: state)
    }

    /// What came back from the consent page. The tenant in it is only a hint: it must be the one that was entered, and where
    /// the application can prove it, it must.
    /// - Throws: ``SetupError/refused(_:)``; the step remembers why.
    package func consented(
        _ id: ConnectionID, tenant hint: String, permissions: Set<String>, by author: String
    ) async throws {
        let setup = try await setup(id)
        let port = try port(of: setup)
        try await remembering(.connection, of: id, by: author) {
            guard UUID(uuidString: hint) != nil else { throw SetupError.refused(.strangeTenant) }
            var draft = setup.draft
            if draft.tenant.isEmpty {
                draft.tenant = hint.lowercased()
                _ = try await answering { try await port.tenantID(of: draft) }
            } else {
                let id = try await answering { try await port.tenantID(of: draft) }
                guard id.lowercased() == hint.lowercased() else {
                    throw SetupError.refused(.otherTenant(named: draft.tenant, found: hint))
                }
            }
            let secrets = try await secrets(of: id)
            let isProved = try await answering { [draft] in try await port.proveConsent(draft, secrets: secrets) }
            let consent = SetupDraft.Consent(
                at: now(), tenant: hint.lowercased(), permissions: permissions, isProved: isProved, by: author)
            let tenant = draft.tenant
            try await change(id, by: author) { kept in
                kept.tenant = tenant
                kept.consent = consent
                kept.problems[SetupStep.connection.rawValue] = nil
            }
        }
    }

    /// The person came back with a refusal, such as after pressing Cancel.
    package func refused(_ diagnosis: Diagnosis, at step: SetupStep, of id: ConnectionID, by author: String)
        async throws
    {
        try await change(id, by: author) { $0.problems[step.rawValue] = diagnosis }
    }

    // MARK: Signing in

    package func signInLink(
        _ id: ConnectionID, redirectURI: String, state: String, challenge: String
    ) async throws -> String {
        let setup = try await setup(id)
        if setup.draft.account.isEmpty { throw SetupError.fields(["account": .missing]) }
        if setup.draft.tenant.isEmpty { throw SetupError.stepMissing(.connection) }
        return try port(of: setup).signInLink(
            setup.draft, redirectURI: redirectURI, state: state, challenge: challenge)
    }

    /// Somebody signed in in the browser.
    package func signedIn(
        _ id: ConnectionID, code: String, verifier: String, redirectURI: String, by author: String
    ) async throws {
        let setup = try await setup(id)
        let port = try port(of: setup)
        try await remembering(.account, of: id, by: author) {
            let secrets = try await secrets(of: id)
            let (proof, kept) = try await answering {
                try await port.redeem(
                    setup.draft, secrets: secrets, code: code, verifier: verifier, redirectURI: redirectURI)
            }
            try await accept(proof, for: setup, secrets: kept.mapValues { Optional($0) }, by: author)
        }
    }

    /// Signs in with what was entered: password, client secret or certificate.
    package func trySignIn(_ id: ConnectionID, by author: String) async throws {
        let setup = try await setup(id)
        let port = try port(of: setup)
        if setup.draft.tenant.isEmpty { throw SetupError.stepMissing(.connection) }
        let secrets = try await secrets(of: id)
        guard setup.draft.signIn != .browser else { throw SetupError.fields(["signIn": .otherWay]) }
        if setup.draft.signIn.usesAccount, setup.draft.account.isEmpty {
            throw SetupError.fields(["account": .missing])
        }
        let missing = port.requiredSecrets(of: setup.draft).filter { secrets[$0] == nil }
        if !missing.isEmpty {
            throw SetupError.fields(Dictionary(missing.map { ($0, .missing) }, uniquingKeysWith: { $1 }))
        }
        try await remembering(.account, of: id, by: author) {
            let proof = try await answering { try await port.prove(setup.draft, secrets: secrets) }
            try await accept(proof, for: setup, secrets: [:], by: author)
        }
    }

    /// What was proved must be what was entered: the tenant, and the account by name. Then the connection is made.
    private func accept(
        _ proof: SetupProof, for setup: Setup, secrets: [String: String?], by author: String
    ) async throws {
        let (draft, port, id) = (setup.draft, try port(of: setup), setup.record.id)
        let tenant = try await answering { try await port.tenantID(of: draft) }
        guard proof.tenant.lowercased() == tenant.lowercased() else {
            throw SetupError.refused(.otherTenant(named: draft.tenant, found: proof.tenant))
        }
        if let consent = draft.consent, consent.tenant != proof.tenant.lowercased() {
            throw SetupError.refused(.otherTenant(named: consent.tenant, found: proof.tenant))
        }
        if draft.signIn.usesAccount {
            guard let account = proof.account, account.lowercased() == draft.account.lowercased() else {
                throw SetupError.refused(.otherAccount(named: draft.account, found: proof.account))
            }
        }
        let moment = now()
        let kept = try await change(id, secrets: secrets, by: author) { kept in
            kept.proof = proof
            kept.provedAt = moment
            kept.consent?.isProved = true
            kept.problems[SetupStep.account.rawValue] = nil
        }
        try await connect(kept, id: id, port: port)
    }

    /// Makes the connection, or brings it to what was entered; its links try again at once.
    private func connect(_ draft: SetupDraft, id: ConnectionID, port: any ConnectionSetup) async throws {
        let record = ConnectionRecord(
            id: id, organization: organization, name: draft.name, kind: port.kind,
            settings: try port.settings(of: draft), createdAt: now())
        do {
            try await store.connect(record, secrets: port.secretNames(of: draft), now: now())
        } catch is ConnectionError { throw SetupError.nameTaken }
        await port.connectionChanged(id)
        try await store.wakeLinks(of: id)
    }

    /// Runs a step; what the calendar system says no to is kept with the step, so that it is there after a reload.
    private func remembering(
        _ step: SetupStep, of id: ConnectionID, by author: String, _ body: () async throws -> Void
    ) async throws {
        do { try await body() } catch SetupError.refused(let diagnosis) {
            try await change(id, by: author) { $0.problems[step.rawValue] = diagnosis }
            throw SetupError.refused(diagnosis)
        }
    }

    /// A calendar system's error as the step's refusal.
    func answering<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as SetupError { throw error } catch let error
            as any DiagnosedError
        {
            throw SetupError.refused(error.diagnosis)
        }
    }
}

extension Diagnosis {
    static let strangeTenant = Diagnosis(
        code: "setup.consent.strange", summary: "What came back from the consent page names no organization.",
        consequence: "The consent was not taken over.", remedy: "Open the consent page again from this step.",
        step: .grantAdminConsent)

    static func otherTenant(named: String, found: String) -> Diagnosis {
        Diagnosis(
            code: "setup.tenant.other",
            summary:
                "This connection is for \(named), but it was another organization (\(found.prefix(64))) that answered.",
            consequence: "Nothing of it was kept.",
            remedy:
                "Sign in with an account of \(named), or correct the tenant of this connection. A browser that is still "
                + "signed in elsewhere helps to get this wrong: use a private window.",
            step: .grantAdminConsent)
    }

    static func otherAccount(named: String, found: String?) -> Diagnosis {
        Diagnosis(
            code: "setup.account.other",
            summary: "\(found.map { String($0.prefix(254)) } ?? "Somebody else") signed in, not \(named).",
            consequence: "The sign-in was thrown away; nothing of it was kept.",
            remedy: "Sign in as \(named), or correct the service account's address. Use a private window.",
            step: .enterCredentials)
    }
}
