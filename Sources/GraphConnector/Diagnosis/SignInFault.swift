import SyncEngine

/// One way in which signing in can fail, with what to do about it: a row of the catalogue. The numbers are Entra ID's
/// `AADSTS…` codes; Microsoft may change them, so they choose only the words, and `error`/`suberror` choose the behaviour
/// where they say enough.
package struct SignInFault: Sendable {
    /// Whether trying again may help without a person.
    package let isPassing: Bool
    package let numbers: [Int]
    package let code: String
    package let summary: String
    package let remedy: String
    package let step: ManualStep?

    init(
        _ numbers: [Int], _ code: String, _ summary: String, _ remedy: String, step: ManualStep? = nil,
        isPassing: Bool = false
    ) {
        self.numbers = numbers
        self.code = "microsoft.signIn.\(code)"
        self.summary = summary
        self.remedy = remedy
        self.step = step
        self.isPassing = isPassing
    }

    /// What every failed sign-in means for the people who book.
    static let consequence =
        "The rooms of this connection cannot be read or written until this is solved; they are shown as not certain."

    package static let catalogue: [SignInFault] = consent + account + application + grants + passing

    /// The row of a code, if the catalogue has it.
    static func row(for number: Int) -> SignInFault? { catalogue.first { $0.numbers.contains(number) } }
}

extension SignInFault {
    private static let openConsent =
        "Open the connection's consent link as a Global Administrator and accept the permissions for the organization."

    static let consent: [SignInFault] = [
        SignInFault(
            [65001], "consentMissing", "The organization has not consented to what the application asks for.",
            openConsent, step: .grantAdminConsent),
        SignInFault(
            [65004], "consentDeclined", "The consent was declined: somebody pressed Cancel on the consent page.",
            openConsent, step: .grantAdminConsent),
        SignInFault(
            [90094, 90095], "consentNeedsAdministrator", "The person who tried to consent is not an administrator.",
            openConsent, step: .grantAdminConsent),
        SignInFault(
            [650056, 65005], "permissionsMissing",
            "The application's registration lists no permissions, or they were not consented to.",
            """
            Check the delegated permissions under API permissions of the application's registration, then grant admin \
            consent again.
            """, step: .registerApplication),
        SignInFault(
            [650053], "permissionUnknown",
            "The application asks for a permission that Microsoft does not have any more.",
            """
            Remove retired permissions (such as Place.Read and Place.ReadWrite) from the connection's list and consent \
            again.
            """, step: .registerApplication),
        SignInFault(
            [650052, 650054, 500011], "serviceNotInTenant", "Microsoft Graph or Exchange Online is not in this tenant.",
            """
            Check that the tenant has Exchange Online, and that the connection uses the addresses of the tenant's own \
            national cloud.
            """, step: .giveMailboxLicence),
        SignInFault(
            [70011], "scopeInvalid", "A permission in the connection's list is misspelled.",
            "Correct the connection's list of permissions.", step: .registerApplication),
        SignInFault(
            [50105], "accountNotAssigned",
            "The application accepts only assigned users, and the service account is not assigned.",
            """
            In Entra ID open Enterprise applications, the application, Users and groups, and add the service account; or \
            set “Assignment required” to No.
            """, step: .assignServiceAccount),
    ]

    static let account: [SignInFault] = [
        SignInFault(
            [50076, 50072, 50074, 50078, 50079, 50158], "secondFactorDemanded",
            "Microsoft demands a second factor from the service account.",
            """
            Exclude the service account from the Conditional Access policy or per-user setting that demands it, or let \
            the service account sign in once in the browser instead of storing its password.
            """, step: .switchOffTwoFactor),
        SignInFault(
            [530035, 530032], "securityDefaults", "The tenant's security defaults block signing in with a password.",
            """
            Replace security defaults by Conditional Access policies that exclude the service account, or let the \
            service account sign in once in the browser.
            """, step: .switchOffTwoFactor),
        SignInFault(
            [53003, 53000, 53001, 53002, 50097, 50005], "blockedByPolicy",
            "A Conditional Access policy blocks the service account's sign-in.",
            """
            In Entra ID open the service account's sign-in log, see which policy failed, and exclude the service account \
            or add this service's network address to the trusted locations.
            """, step: .switchOffTwoFactor),
        SignInFault(
            [70043], "sessionTooOld", "A Conditional Access policy limits how long a sign-in lasts, and it has ended.",
            "Exclude the service account from the sign-in frequency policy, then sign in again.",
            step: .switchOffTwoFactor),
        SignInFault(
            [50126], "wrongPassword", "The service account's name or password is wrong.",
            "Enter the service account's credentials again.", step: .enterCredentials),
        SignInFault(
            [50055], "passwordExpired", "The service account's password has expired.",
            "Set a new password, set it to never expire, and enter it here.", step: .neverExpirePassword),
        SignInFault(
            [50144], "directoryPasswordExpired", "The service account's password in Active Directory has expired.",
            "Set a new password in Active Directory, set it to never expire, and enter it here.",
            step: .neverExpirePassword),
        SignInFault(
            [50056], "noPassword", "The service account has no password.",
            "Set a password for the service account, not for the room's own account, and enter it here.",
            step: .createServiceAccount),
        SignInFault(
            [50034], "accountUnknown", "There is no such service account in this tenant.",
            "Check the account's name and the tenant, or create the service account.", step: .createServiceAccount),
        SignInFault(
            [51004, 50020, 16000], "accountNotInDirectory",
            "The service account belongs to another tenant or is a guest.",
            "Create the service account as a member of this tenant.", step: .createServiceAccount),
        SignInFault(
            [50053], "accountLocked",
            "The service account is locked after too many wrong passwords, or the sign-in comes from a blocked address.",
            "Wait for the lock to end (a minute or more), check the password, and enter it again.",
            step: .enterCredentials),
        SignInFault(
            [50057], "accountDisabled", "The service account's sign-in is blocked.",
            "Unblock sign-in for the service account. Shared and room mailboxes are blocked by default: use a user account.",
            step: .createServiceAccount),
    ]

    static let application: [SignInFault] = [
        SignInFault(
            [700016], "applicationUnknown", "The application is not known in this tenant.",
            "Check the application's id and the tenant, then open the consent link as a Global Administrator.",
            step: .grantAdminConsent),
        SignInFault(
            [700011, 70001, 7000112], "applicationDisabled",
            "The application is disabled in this tenant, or was removed.",
            "In Entra ID open Enterprise applications, the application, Properties, and enable it for users to sign in.",
            step: .registerApplication),
        SignInFault(
            [50194], "applicationSingleTenant", "The application was registered for its own tenant only.",
            "Set the registration's supported account types to accounts in any organization.",
            step: .registerApplication),
        SignInFault(
            [50011, 500113, 900971], "redirectNotRegistered", "The address to return to is not registered.",
            "Add this service's redirect URI to the registration, as platform Web.", step: .registerApplication),
        SignInFault(
            [7000215], "wrongSecret", "The client secret is wrong.",
            "Enter the secret's value, not its id; make a new secret if the value was not kept.",
            step: .registerApplication),
        SignInFault(
            [7000222], "secretExpired", "The client secret has expired.",
            "Make a new client secret in the registration and enter its value.", step: .registerApplication),
        SignInFault(
            [7000218], "secretMissing", "The registration wants a client secret, or public client flows are off.",
            """
            In the registration under Authentication set “Allow public client flows” to Yes, or give the connection a \
            client secret.
            """, step: .registerApplication),
        SignInFault(
            [700025], "secretNotAllowed", "The registration is a public client, which must not send a secret.",
            "Remove the client secret from the connection.", step: .registerApplication),
        SignInFault(
            [700027, 50012], "wrongCertificate",
            "The certificate that proves the application is not the registered one.",
            "Upload the present certificate to the registration, or enter the key that belongs to the registered one.",
            step: .registerApplication),
        SignInFault(
            [90002], "tenantUnknown", "There is no such tenant.",
            "Enter the tenant's id or its verified domain.", step: .enterCredentials),
        SignInFault(
            [9001023, 90124, 90130], "tenantNotNamed", "This way of signing in needs the tenant by name.",
            "Enter the tenant's id or its verified domain instead of “common” or “organizations”.",
            step: .enterCredentials),
    ]

    static let grants: [SignInFault] = [
        SignInFault(
            [700082, 70008, 700084], "signInTooOld", "The stored sign-in has ended.",
            "Sign in with the service account again. The redirect URI must be registered as Web, not as SPA.",
            step: .enterCredentials),
        SignInFault(
            [50173, 50132, 50133], "signInRevoked",
            "The stored sign-in was revoked, or the service account's password was changed.",
            "Sign in with the service account again.", step: .enterCredentials),
        SignInFault(
            [50196], "signInLoop", "Microsoft stopped a loop of sign-ins.",
            "Wait some minutes. If it comes back, tell LoopBooking's support.", isPassing: true),
        SignInFault(
            [54005, 501481, 70000], "codeNotAccepted",
            "The sign-in's code was used already or belongs to another sign-in.",
            "Start the sign-in from the connection's page again.", step: .enterCredentials),
    ]

    static let passing: [SignInFault] = [
        SignInFault(
            [90033, 90055, 50033, 90006, 50087, 90024], "serviceBusy",
            "Microsoft's sign-in service has a passing fault.",
            "Nothing to do: it is tried again.", isPassing: true)
    ]
}
