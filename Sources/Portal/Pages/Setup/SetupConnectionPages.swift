import CalendarModel
import CalendarTime
import HTTPTypes
import Hummingbird
import SQLStore
import SyncEngine
import SyncService

/// The first three steps: what must be there, which tenant and application, and what was permitted.
enum SetupConnectionPages {
    static let all: [PageRoute] = [
        PageRoute.of(.get, "setup/{setup}/prerequisites", .administer, handler: prerequisites),
        PageRoute.of(.post, "setup/{setup}/prerequisites", .administer, handler: confirm),
        PageRoute.of(.get, "setup/{setup}/connection", .administer) { request in
            let page = try await SetupPage(request)
            return try await connection(page, SetupConnectionForm(page.draft))
        },
        PageRoute.of(.post, "setup/{setup}/connection", .administer, handler: enter),
        PageRoute.of(.get, "setup/{setup}/permissions", .administer, handler: permissions),
    ]

    // MARK: Prerequisites

    @Sendable private static func prerequisites(_ request: PageRequest) async throws -> Response {
        let page = try await SetupPage(request)
        return try await page.show(
            .prerequisites,
            [
                "scripts": page.scripts([.mirrors, .processing, .fullAccess], rooms: scriptRooms(page)),
                "isConfirmed": .bool(page.draft.prerequisitesAt != nil),
                "next": .string(try page.path(.connection)),
                "items": .array(
                    ["mirrors", "account", "access", "administrator"].map { item in
                        [
                            "title": .string(request.words["setup.prerequisite.\(item)"]),
                            "text": .string(request.words["setup.prerequisite.\(item).text"]),
                        ]
                    }),
            ])
    }

    @Sendable private static func confirm(_ request: PageRequest) async throws -> Response {
        let page = try await SetupPage(request)
        try await request.setupDesk().confirmPrerequisites(page.id, by: request.setupAuthor())
        try await request.audit("setup.prerequisites", page.draft.name)
        return try page.go(.connection)
    }

    /// The rooms of the organization as scripts name them: with their mirror's address where there is one, else with the
    /// address that the manual would give it.
    static func scriptRooms(_ page: SetupPage) async throws -> [SetupScriptRoom] {
        let mapping = try await page.request.setupDesk().addresses(of: page.id)
        let domain = page.draft.tenant.contains(".") ? page.draft.tenant : "contoso.com"
        let rooms = mapping.map { name, address in
            SetupScriptRoom(name: name, address: address ?? "\(MirrorAddress.localPart(for: name))@\(domain)")
        }
        return rooms.isEmpty ? [SetupScriptRoom(name: "Oslo", address: "oslo-ext@\(domain)")] : rooms
    }

    // MARK: Connection

    static func connection(
        _ page: SetupPage, _ form: SetupConnectionForm, complaints: [String: String] = [:],
        changedBy: String? = nil
    ) async throws -> Response {
        let features = page.port.features
        let secrets = try await page.request.setupDesk().secretNames(of: page.id)
        return try page.show(
            .connection, status: changedBy == nil ? nil : .conflict,
            [
                "name": .string(form.name), "tenant": .string(form.tenant), "clientID": .string(form.clientID),
                "usesOwn": .bool(form.usesOwn), "usesOperators": .bool(!form.usesOwn),
                "hasOperatorApplication": .bool(features.hasOperatorApplication),
                "hasSecret": .bool(secrets.contains("clientSecret")),
                "byApplication": .bool(!form.usesAccount), "byAccount": .bool(form.usesAccount),
                "redirectURI": .string(SetupCallbackPages.redirectURI(page.port.kind, page.request.services)),
                "consent": consent(page), "isProved": .bool(page.draft.consent?.isProved == true),
                "consentAction": .string(try page.request.path("setup/\(Form.encoded(page.id.rawValue))/consent")),
                "isComplete": .bool(page.setup.done.contains(.connection)),
                "next": .string(try page.path(.permissions)),
                "changedBy": .optional(changedBy),
            ], complaints: complaints)
    }

    private static func consent(_ page: SetupPage) -> JSONValue {
        guard let consent = page.draft.consent else { return .null }
        return [
            "by": .string(consent.by), "at": .string(page.writer(.utc).moment(consent.at)),
            "tenant": .string(consent.tenant),
        ]
    }

    @Sendable private static func enter(_ request: PageRequest) async throws -> Response {
        let page = try await SetupPage(request)
        let form = SetupConnectionForm(request.form)
        let desk = try request.setupDesk()
        do {
            try await desk.enter(
                form.entries(page.draft), into: page.id, ifRevision: Int64(request.form["revision"]),
                by: request.setupAuthor())
        } catch SetupError.fields(let complaints) {
            return try await connection(page, form, complaints: page.texts(complaints))
        } catch SetupError.nameTaken {
            return try await connection(page, form, complaints: ["name": request.words["setup.bad.nameTaken"]])
        } catch SetupError.refused(let diagnosis) {
            return try await connection(page, form, complaints: ["tenant": diagnosis.summary])
        } catch SetupError.changed(let other) {
            return try await connection(try await SetupPage(request), form, changedBy: other)
        }
        try await request.audit("setup.connection", form.name, detail: form.tenant)
        if request.form.has("consent") { return try await SetupCallbackPages.askConsent(request) }
        return try page.go(.connection, PageNotice(.success, request.words["setup.saved"]))
    }

    // MARK: Permissions

    @Sendable private static func permissions(_ request: PageRequest) async throws -> Response {
        let page = try await SetupPage(request)
        let desk = try request.setupDesk()
        let missing = desk.missingPermissions(page.draft, kind: page.port.kind)
        let isApplication = !page.draft.signIn.usesAccount
        return try await page.show(
            .permissions,
            [
                "permissions": .array(
                    page.port.permissions(page.draft).map { name in
                        let isMissing = missing?.contains(name) == true
                        let isKnown = missing != nil && !isApplication
                        let verdict = !isKnown ? "notChecked" : isMissing ? "bad" : "good"
                        return [
                            "name": .string(name),
                            "use": .string(
                                request.words[
                                    "setup.permission.\(page.port.kind).\(name)\(isApplication ? ".application" : "")"]),
                            "verdict": .string(verdict),
                            "icon": .string(
                                !isKnown ? "not-checked" : isMissing ? "cross-circle" : "in-sync"),
                            "state": .string(
                                request.words[
                                    !isKnown
                                        ? "setup.permissions.unknown"
                                        : isMissing ? "setup.permissions.missing" : "setup.permissions.granted"]),
                        ]
                    }),
                "hasMissing": .bool(missing?.isEmpty == false), "isUnknown": .bool(missing == nil),
                "isProved": .bool(page.draft.proof != nil), "byApplication": .bool(isApplication),
                "scripts": isApplication ? page.scripts([.roles], rooms: scriptRooms(page)) : [],
                "next": .string(try page.path(.account)), "back": .string(try page.path(.connection)),
            ])
    }
}

/// What stands in the form of the connection.
struct SetupConnectionForm {
    var name: String
    var tenant: String
    var usesOwn: Bool
    var clientID: String
    var usesAccount: Bool
    var secret = ""

    init(_ draft: SetupDraft) {
        name = draft.name
        tenant = draft.tenant
        usesOwn = draft.usesOwnApplication
        clientID = draft.usesOwnApplication ? draft.clientID : ""
        usesAccount = draft.signIn.usesAccount
    }

    init(_ form: Form) {
        name = form.line("name")
        tenant = form.line("tenant")
        usesOwn = form["application"] == "own"
        clientID = form.line("clientID")
        usesAccount = form["rights"] != "application"
        secret = form["clientSecret"]
    }

    func entries(_ draft: SetupDraft) -> SetupDesk.Entries {
        var signIn: SetupSignIn?
        if usesAccount != draft.signIn.usesAccount { signIn = usesAccount ? .browser : .secret }
        return SetupDesk.Entries(
            name: name, tenant: tenant, usesOwnApplication: usesOwn, clientID: usesOwn ? clientID : nil,
            signIn: signIn, secrets: ["clientSecret": secret])
    }
}

/// The address that the manual would give a room's mirror.
enum MirrorAddress {
    static func localPart(for name: String) -> String {
        var text = name.lowercased()
        for (letter, plain) in [("ø", "o"), ("æ", "ae"), ("å", "a"), ("ö", "o"), ("ä", "a"), ("ü", "u"), ("ß", "ss")] {
            text = text.replacing(letter, with: plain)
        }
        let words = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let joined = words.joined(separator: "-").prefix(50)
        return (joined.isEmpty ? "room" : joined) + "-ext"
    }
}
