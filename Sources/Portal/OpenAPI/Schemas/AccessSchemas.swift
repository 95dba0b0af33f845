import SQLStore
import SyncEngine

/// Members, invitations, tokens, settings, the audit log and the doctor.
extension OpenAPIDocument {
    private static let count = Schema.whole(0...(.max))

    static let accessSchemas: [String: JSONValue] = [
        "Member": Schema.object(
            [
                "id": Schema.id, "email": Schema.text, "name": Schema.text, "role": Schema.words(Role.self),
                "isClosed": Schema.described(Schema.flag, "Whether the account may not sign in."),
                "signedInAt": Schema.nullable(Schema.instant),
            ], "A person in the organization."),
        "Invitation": Schema.object(
            [
                "id": Schema.id, "email": Schema.text, "role": Schema.words(Role.self),
                "by": Schema.text("Who invited."), "createdAt": Schema.instant, "expiresAt": Schema.instant,
            ], "Somebody is invited and has not come yet."),
        "NewInvitation": Schema.object(
            [
                "id": Schema.id, "email": Schema.text, "role": Schema.words(Role.self), "by": Schema.text,
                "createdAt": Schema.instant, "expiresAt": Schema.instant,
                "link": Schema.text("For the person. Told only now.", format: "uri"),
            ], "An invitation with its link."),
        "Token": Schema.object(
            [
                "id": Schema.id, "name": Schema.text, "scopes": Schema.list(Schema.words(Permission.self)),
                "createdAt": Schema.instant, "revokedAt": Schema.nullable(Schema.instant),
            ], "A right to use this API."),
        "NewToken": Schema.object(
            [
                "id": Schema.id, "name": Schema.text, "scopes": Schema.list(Schema.words(Permission.self)),
                "createdAt": Schema.instant, "revokedAt": Schema.nullable(Schema.instant),
                "token": Schema.text("For the Authorization header. Told only now."),
            ], "A token with its secret."),
        "Settings": Schema.object(
            [
                "id": Schema.id, "name": Schema.text, "language": language, "timeZone": Schema.nullable(Schema.text),
                "doctorReaders": Schema.nullable(
                    Schema.list(Schema.id, "Members who get the doctor's e-mails; null: all administrators.")),
                "signInMethods": Schema.nullable(
                    Schema.list(Schema.text, "How members may sign in; null: in every way that is offered.")),
            ], "What holds for the whole organization."),
        "SettingsChange": Schema.object(
            [
                "name": Schema.text(shortest: 1, longest: 100), "language": language,
                "timeZone": Schema.nullable(Schema.text("An IANA zone; null: where most rooms are.")),
                "doctorReaders": Schema.nullable(Schema.list(Schema.id)),
                "signInMethods": Schema.nullable(Schema.list(Schema.text)),
            ], required: [], examples: [["name": "Contoso", "timeZone": "Europe/Oslo"]]),
        "AuditLine": Schema.object(
            [
                "position": Schema.whole(1...(.max)), "at": Schema.instant,
                "actorKind": Schema.words(["account", "token", "command", "service"]), "actor": Schema.text,
                "action": Schema.text("A stable name, such as member.invite."), "subject": Schema.text,
                "detail": Schema.text,
            ], "One administrative act."),
        "DoctorRun": Schema.object(
            [
                "id": Schema.id, "occasion": Schema.words(DoctorRun.Occasion.self), "startedAt": Schema.instant,
                "finishedAt": Schema.instant, "good": count, "warnings": count, "bad": count, "notChecked": count,
                "entries": Schema.list(Schema.ref("DoctorFinding")),
            ], "Every prerequisite, checked."),
        "DoctorRunSummary": Schema.object([
            "id": Schema.id, "occasion": Schema.words(DoctorRun.Occasion.self), "startedAt": Schema.instant,
            "finishedAt": Schema.instant, "good": count, "warnings": count, "bad": count, "notChecked": count,
        ]),
        "DoctorFinding": Schema.object(
            [
                "connection": Schema.id, "connectionName": Schema.text,
                "check": Schema.text("A stable name, such as microsoft.consent."),
                "subject": Schema.text("A room's address, a host, or empty."),
                "verdict": Schema.words(["good", "warning", "bad", "notChecked"]), "evidence": Schema.text,
                "diagnosis": Schema.ref("Diagnosis"), "step": Schema.words(ManualStep.self), "stepTitle": Schema.text,
                "since": Schema.instant, "lastGoodAt": Schema.instant,
            ],
            optional: ["connection", "connectionName", "diagnosis", "step", "stepTitle", "since", "lastGoodAt"],
            "One prerequisite."),
    ]

    private static let language = Schema.words(["en", "nb"], "Of e-mails to people who chose none.")
}
