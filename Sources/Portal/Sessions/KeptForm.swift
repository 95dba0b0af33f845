import Foundation

/// A form that was sent after its session had ended: carried through the sign-in page in hidden fields, so that nothing typed
/// is lost. What must not be written into a page is left out and asked for again.
struct KeptForm: Sendable, Hashable {
    let action: String
    let form: Form

    private static let actionField = "kept-action"
    private static let formField = "kept-form"
    private static let secrets: Set<String> = [
        FormGuard.fieldName, "password", "newPassword", "clientSecret", "privateKey",
    ]

    init(_ form: Form, action: String) {
        self.action = action
        self.form = form.without(Self.secrets)
    }

    /// From the hidden fields of a sign-in page.
    init?(_ form: Form) {
        guard form.has(Self.actionField), let action = PageRequest.safe(form[Self.actionField]) else { return nil }
        self.init(Form(encoded: form[Self.formField]), action: action)
    }

    var values: JSONValue {
        [
            "action": .string(action), "actionField": .string(Self.actionField), "formField": .string(Self.formField),
            "encoded": .string(form.encoded),
            "fields": .array(form.fields.map { ["name": .string($0.name), "value": .string($0.value)] }),
        ]
    }
}
