import SQLStore

/// Members, invitations, tokens, settings and the audit log in the document.
extension APIOperation {
    private static let lastAdministrator = [409: ["last-administrator"]]

    static let listMembers = APIOperation(
        "listMembers", "List the members", tag: "Members",
        answers: [
            APIAnswer(
                200, "Everybody, by address.", schema: Schema.object(["members": Schema.list(Schema.ref("Member"))]))
        ])
    static let getMember = APIOperation(
        "getMember", "Read a member", tag: "Members",
        answers: [APIAnswer(200, "The member.", schema: Schema.ref("Member"))])
    static let changeMember = APIOperation(
        "changeMember", "Give a member another role", details: "An organization keeps at least one administrator.",
        tag: "Members", body: Schema.object(["role": Schema.words(Role.self)]), example: ["role": "receptionist"],
        answers: [APIAnswer(200, "The member as it is now.", schema: Schema.ref("Member"))], problems: lastAdministrator
    )
    static let removeMember = APIOperation(
        "removeMember", "Remove a member", details: "The account stays; it only no longer belongs here.",
        tag: "Members", answers: [APIAnswer(204, "Removed.")], problems: lastAdministrator)

    static let listInvitations = APIOperation(
        "listInvitations", "List open invitations", details: "Newest first.", tag: "Members",
        answers: [
            APIAnswer(
                200, "Those that nobody took up yet.",
                schema: Schema.object(["invitations": Schema.list(Schema.ref("Invitation"))]))
        ])
    static let invite = APIOperation(
        "invite", "Invite somebody",
        details: "The link works once, for seven days, and is told only here. An older invitation becomes worthless.",
        tag: "Members",
        body: Schema.object(["email": Schema.text(shortest: 3, longest: 254), "role": Schema.words(Role.self)]),
        example: ["email": "rita@example.com", "role": "receptionist"],
        answers: [APIAnswer(201, "The invitation, with its link.", schema: Schema.ref("NewInvitation"))],
        problems: [409: ["already-member"]])
    static let withdrawInvitation = APIOperation(
        "withdrawInvitation", "Withdraw an invitation", tag: "Members",
        answers: [APIAnswer(204, "Its link no longer works.")])

    static let listTokens = APIOperation(
        "listTokens", "List API tokens", details: "By name; revoked ones too.", tag: "Tokens",
        answers: [
            APIAnswer(200, "Every token.", schema: Schema.object(["tokens": Schema.list(Schema.ref("Token"))]))
        ])
    static let makeToken = APIOperation(
        "makeToken", "Make an API token",
        details: "The token itself is told only here. It may do no more than the one that asks.", tag: "Tokens",
        body: Schema.object([
            "name": Schema.text("Whose it is.", shortest: 1, longest: 100), "scopes": Schema.list(scope),
        ]), example: ["name": "Door panels", "scopes": ["read"]],
        answers: [APIAnswer(201, "The token.", schema: Schema.ref("NewToken"))],
        problems: [403: ["scope-too-wide"], 409: ["token-name-taken"]])
    static let revokeToken = APIOperation(
        "revokeToken", "Revoke an API token",
        details: "At once, and for good. A token cannot revoke itself.", tag: "Tokens",
        answers: [APIAnswer(204, "Revoked.")], problems: [409: ["token-in-use"]])
    static let scope = Schema.words(Permission.allCases.map(\.rawValue).filter { $0 != Permission.operate.rawValue })

    static let getSettings = APIOperation(
        "getSettings", "Read the organization's settings", tag: "Settings",
        answers: [APIAnswer(200, "The settings.", schema: Schema.ref("Settings"))])
    static let changeSettings = APIOperation(
        "changeSettings", "Change the organization's settings", details: "Only the fields given are changed.",
        tag: "Settings", body: Schema.ref("SettingsChange"),
        answers: [APIAnswer(200, "The settings as they are now.", schema: Schema.ref("Settings"))])
    static let listAudit = APIOperation(
        "listAudit", "Read the audit log", details: "Newest first.", tag: "Settings",
        parameters: [.limit, .after],
        answers: [.page("Who changed what.", "lines", of: "AuditLine")])

    static let getDoctor = APIOperation(
        "getDoctor", "Read what the doctor found last", tag: "Doctor",
        answers: [
            APIAnswer(
                200, "The newest run.",
                schema: Schema.object([
                    "underWaySince": Schema.nullable(Schema.instant),
                    "run": Schema.nullable(Schema.ref("DoctorRun")),
                ]))
        ])
    static let runDoctor = APIOperation(
        "runDoctor", "Send the doctor round",
        details: "It takes some seconds; ask for what it found until underWaySince is null.", tag: "Doctor",
        answers: [
            APIAnswer(
                202, "It is on its way.",
                schema: Schema.object(["underWaySince": Schema.nullable(Schema.instant)]))
        ])
    static let listDoctorRuns = APIOperation(
        "listDoctorRuns", "List the doctor's runs", details: "Newest first.", tag: "Doctor",
        answers: [
            APIAnswer(
                200, "The last fifty.", schema: Schema.object(["runs": Schema.list(Schema.ref("DoctorRunSummary"))]))
        ])
    static let getDoctorRun = APIOperation(
        "getDoctorRun", "Read one run of the doctor", tag: "Doctor",
        answers: [APIAnswer(200, "What it found.", schema: Schema.ref("DoctorRun"))])
}
