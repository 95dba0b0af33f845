import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore
import SyncEngine
import SyncService

/// The step in which the sync is given somebody to sign in as: in the browser, by a password, or as the application itself.
enum SetupAccountPages {
    static let all: [PageRoute] = [
        PageRoute.of(.get, "setup/{setup}/account", .administer) { request in
            let page = try await SetupPage(request)
            return try await show(page, SetupAccountForm(page.draft))
        },
        PageRoute.of(.post, "setup/{setup}/account", .administer, handler: trySignIn),
    ]

    static func show(
        _ page: SetupPage, _ form: SetupAccountForm, complaints: [String: String] = [:]
    ) async throws -> Response {
        let secrets = try await page.request.setupDesk().secretNames(of: page.id)
        let ways = page.port.features.ways
        return try await page.show(
            .account,
            [
                "account": .string(form.account), "way": .string(form.way.rawValue),
                "byAccount": .bool(page.draft.signIn.usesAccount),
                "byApplication": .bool(!page.draft.signIn.usesAccount),
                "hasBrowser": .bool(ways.contains(.browser)), "hasPassword": .bool(ways.contains(.password)),
                "isSecret": .bool(form.way != .certificate), "isCertificate": .bool(form.way == .certificate),
                "secretKept": .bool(secrets.contains("clientSecret")),
                "needsSecret": .bool(
                    !page.port.requiredSecrets(of: Self.draft(page, .secret)).isEmpty),
                "certificateKept": .bool(secrets.contains("certificate")),
                "passwordKept": .bool(secrets.contains("password")),
                "isProved": .bool(page.setup.done.contains(.account)),
                "provedAs": .optional(
                    page.draft.proof?.account ?? (page.draft.signIn.usesAccount ? page.draft.account : nil)),
                "provedTenant": .optional(page.draft.proof?.tenant),
                "signInAction": .string(try page.request.path("setup/\(Form.encoded(page.id.rawValue))/sign-in")),
                "connection": .string(try page.path(.connection)),
                "scripts": page.draft.signIn.usesAccount
                    ? [] : page.scripts([.roles], rooms: SetupConnectionPages.scriptRooms(page)),
                "next": .string(try page.path(.rooms)),
            ], complaints: complaints)
    }

    private static func draft(_ page: SetupPage, _ way: SetupSignIn) -> SetupDraft {
        var draft = page.draft
        draft.signIn = way
        return draft
    }

    @Sendable private static func trySignIn(_ request: PageRequest) async throws -> Response {
        let page = try await SetupPage(request)
        let form = SetupAccountForm(request.form, page.draft)
        let desk = try request.setupDesk()
        do {
            var entries = SetupDesk.Entries(signIn: form.way, secrets: form.secrets)
            if form.way.usesAccount { entries.account = form.account }
            try await desk.enter(entries, into: page.id, by: request.setupAuthor())
            try await desk.trySignIn(page.id, by: request.setupAuthor())
        } catch SetupError.fields(let complaints) {
            return try await show(try await SetupPage(request), form, complaints: page.texts(complaints))
        } catch SetupError.refused(let diagnosis) {
            try await request.audit(
                "setup.signIn.refused", page.draft.name, detail: diagnosis.vendorCode ?? diagnosis.code)
            return try await show(
                try await SetupPage(request), form,
                complaints: [form.way.usesAccount ? "password" : "clientSecret": diagnosis.summary])
        } catch SetupError.stepMissing(let step) {
            return try page.go(step, PageNotice(.warning, request.words["setup.missing.\(step.rawValue)"]))
        } catch SetupError.nameTaken {
            return try page.go(.connection, PageNotice(.error, request.words["setup.bad.nameTaken"]))
        } catch SetupError.changed {
            return try await show(
                try await SetupPage(request), form, complaints: ["account": request.words["setup.changedMeanwhile"]])
        }
        try await request.audit("setup.signIn", page.draft.name, detail: form.way.rawValue)
        return try page.go(.rooms, PageNotice(.success, request.words["setup.signedIn"]))
    }
}

/// What stands in the form of the service account; secrets are never shown again.
struct SetupAccountForm {
    var account: String
    var way: SetupSignIn
    var secrets: [String: String] = [:]

    init(_ draft: SetupDraft) {
        account = draft.account
        way = draft.signIn
    }

    init(_ form: Form, _ draft: SetupDraft) {
        account = form.has("account") ? form.line("account") : draft.account
        way = SetupSignIn(rawValue: form["way"]) ?? draft.signIn
        for name in SetupDesk.secretFields where form.has(name) { secrets[name] = form[name] }
    }
}
