import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore

/// What an organization's administrators choose for all its people.
enum SettingsPages {
    static let all: [PageRoute] = [
        PageRoute.of(.get, "settings", .administer) { request in
            try await page(request, draft(of: try request.organization()))
        },
        PageRoute.of(.post, "settings", .administer, handler: save),
    ]

    private static func draft(of organization: Organization) -> SettingsDraft {
        let settings = organization.settings
        return SettingsDraft(
            name: organization.name, language: settings.language, timeZone: settings.timeZone?.name ?? "",
            doctorReaders: settings.doctorReaders, signInMethods: settings.signInMethods)
    }

    @Sendable private static func save(_ request: PageRequest) async throws -> Response {
        let desk = try request.access()
        let form = request.form
        let methods = form.all("method")
        // All that there are means also those that come later.
        let isEvery = Set(methods) == Set(desk.offeredMethods)
        let readers: [String]? =
            switch form["doctorMail"] {
            case "chosen": form.all("reader")
            case "nobody": []
            default: nil
            }
        let draft = SettingsDraft(
            name: canonicalLine(form.line("name")), language: form["language"], timeZone: form.line("timeZone"),
            doctorReaders: readers, signInMethods: isEvery ? nil : methods)
        let isOperator = try request.account().isOperator
        let complaints = try await desk.complaints(draft, session: isOperator ? nil : request.visitor?.session)
        guard complaints.isEmpty else { return try await page(request, draft, complaints) }
        try await desk.save(draft)
        return request.redirect(
            try request.path("settings"), notice: PageNotice(.success, request.words["settings.saved"]))
    }

    private static func page(
        _ request: PageRequest, _ draft: SettingsDraft, _ complaints: [SettingsComplaint] = []
    ) async throws -> Response {
        let desk = try request.access()
        let members = try await request.store.members(of: desk.organization.id)
        let common = try await request.store.commonZone(of: desk.organization.id)
        let errors = texts(complaints, request.words)
        let readers = draft.doctorReaders
        return request.page(
            "settings", title: request.words["settings.title"], section: "settings",
            status: complaints.isEmpty ? .ok : .unprocessableContent,
            [
                "path": .string(try request.path("settings")), "errors": errors.errorSummary,
                "name": .field(draft.name, error: errors["name"]),
                "timeZone": .field(draft.timeZone, error: errors["timeZone"]),
                "timeZoneHint": .string(
                    request.words("settings.timeZone.hint", ["zone": common?.name ?? ZoneID.utc.name])),
                "languages": .array(
                    Language.allCases.map { language in
                        [
                            "value": .string(language.rawValue),
                            "name": .string(request.words["language.\(language.rawValue)"]),
                            "isChosen": .bool(language.rawValue == draft.language),
                        ]
                    }),
                "toAdministrators": .bool(readers == nil), "toChosen": .bool(readers?.isEmpty == false),
                "toNobody": .bool(readers?.isEmpty == true), "readersError": .optional(errors["doctorReaders"]),
                "members": .array(
                    members.map { member in
                        [
                            "id": .string(member.account.id), "name": .string(member.account.name),
                            "email": .string(member.account.email),
                            "isChosen": .bool(readers?.contains(member.account.id) == true),
                        ]
                    }),
                "methodsError": .optional(errors["method"]),
                "methods": .array(
                    desk.offeredMethods.map { method in
                        [
                            "value": .string(method), "name": .string(request.signInName(method)),
                            "isChosen": .bool(draft.signInMethods?.contains(method) ?? true),
                        ]
                    }),
            ])
    }

    private static func texts(_ complaints: [SettingsComplaint], _ words: Words) -> [String: String] {
        var texts: [String: String] = [:]
        for complaint in complaints {
            let field = complaint == .signInMethods || complaint == .locksOut ? "method" : complaint.rawValue
            texts[field] = words["settings.wrong.\(complaint.rawValue)"]
        }
        return texts
    }
}

extension PageRequest {
    /// A way to sign in, in words.
    func signInName(_ method: String) -> String {
        if method == Session.password { return words["signIn.method.password"] }
        return services.signInProviders.first { $0.id == method }?.name ?? method
    }
}
