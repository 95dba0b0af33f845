/// The pages a person sees when signing in: plain forms, usable with any browser and any HTTP client.
///
/// Every form posts the interaction's id as `ctx`. A program may also send `login`, `passwd`, `otc` (six digits) and
/// `consent=accept` in one request.
enum SignInPage {
    static func signIn(_ interaction: Interaction, action: String, hint: String?, error: String?) -> String {
        page(
            title: "Sign in",
            """
            \(error.map { "<p class=\"error\" role=\"alert\">\(escaped($0))</p>" } ?? "")
            <form method="post" action="\(escaped(action))">
            <input type="hidden" name="ctx" value="\(escaped(interaction.id))">
            <label>Account <input name="login" type="email" autocomplete="username" required autofocus
              value="\(escaped(hint ?? ""))"></label>
            <label>Password <input name="passwd" type="password" autocomplete="current-password"></label>
            <p><button type="submit">Sign in</button>
            <button type="submit" name="cancel" value="1" formnovalidate>Cancel</button></p>
            </form>
            """)
    }

    static func strongAuthentication(
        _ interaction: Interaction, action: String, user: Tenant.User, wrongCode: Bool
    ) -> String {
        page(
            title: "More information required",
            """
            <p>Your organization needs more than a password to let \(escaped(user.principalName)) in
            (multi-factor authentication). A service account cannot pass this page on its own.</p>
            \(wrongCode ? "<p class=\"error\" role=\"alert\">You didn't enter the expected verification code.</p>" : "")
            <form method="post" action="\(escaped(action))">
            <input type="hidden" name="ctx" value="\(escaped(interaction.id))">
            <label>Verification code <input name="otc" inputmode="numeric" autocomplete="one-time-code"></label>
            <p class="note">loopsim takes any six digits.</p>
            <p><button type="submit">Verify</button>
            <button type="submit" name="cancel" value="1" formnovalidate>Cancel</button></p>
            </form>
            """)
    }

    static func consent(_ interaction: Interaction, action: String, question: ConsentQuestion) -> String {
        let delegated = question.delegated.compactMap(Permission.delegated)
        let roles = question.roles.compactMap(Permission.application)
        let items =
            delegated.map { "<li>\(escaped($0.displayName)) <code>\(escaped($0.name))</code></li>" }
            + roles.map { "<li>\(escaped($0.displayName)) <code>\(escaped($0.name))</code> (application)</li>" }
        let choice =
            question.mayConsentForOrganization
            ? """
            <label class="choice"><input type="checkbox" name="organization" value="1">
            Consent on behalf of your organization</label>
            """ : ""
        let scope =
            question.forOrganization
            ? "<p>If you accept, this app gets access to the listed resources for all users in your organization.</p>"
            : ""
        return page(
            title: question.forOrganization
                ? "Permissions requested: review for your organization"
                : "Permissions requested",
            """
            <p><strong>\(escaped(question.application.displayName))</strong> would like to:</p>
            <ul>\(items.joined(separator: "\n"))</ul>
            \(scope)
            <p class="note">Signed in as \(escaped(question.user.principalName)).</p>
            <form method="post" action="\(escaped(action))">
            <input type="hidden" name="ctx" value="\(escaped(interaction.id))">
            \(choice)
            <p><button type="submit" name="consent" value="accept">Accept</button>
            <button type="submit" name="consent" value="cancel">Cancel</button></p>
            </form>
            """)
    }

    static func deviceCode(action: String, error: String?) -> String {
        page(
            title: "Enter code",
            """
            \(error.map { "<p class=\"error\" role=\"alert\">\(escaped($0))</p>" } ?? "")
            <form method="post" action="\(escaped(action))">
            <label>Code displayed on your app or device <input name="otc_device" autocomplete="off" required></label>
            <p><button type="submit">Next</button></p>
            </form>
            """)
    }

    static func failure(_ description: String) -> String {
        page(
            title: "Sorry, but we're having trouble signing you in.",
            "<p class=\"error\" role=\"alert\">\(escaped(description))</p>")
    }

    static func message(_ text: String) -> String { page(title: "Done", "<p>\(escaped(text))</p>") }

    /// A page that posts the answer to the application, for `response_mode=form_post`.
    static func formPost(to address: String, parameters: [(String, String)]) -> String {
        let fields = parameters.map {
            "<input type=\"hidden\" name=\"\(escaped($0.0))\" value=\"\(escaped($0.1))\">"
        }
        return page(
            title: "Working…",
            """
            <form method="post" action="\(escaped(address))">\(fields.joined())
            <button type="submit">Continue</button></form><script>document.forms[0].submit()</script>
            """)
    }

    private static func page(title: String, _ content: String) -> String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>\(escaped(title))</title>
        <style>
        * { box-sizing: border-box; }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 30rem; margin: 4rem auto; padding: 0 1rem; }
        label { display: block; margin: .75rem 0; } label input { display: block; width: 100%; padding: .4rem; }
        .choice input { display: inline; width: auto; }
        .error { color: #a4262c; } .note { color: #555; font-size: .875rem; }
        button { padding: .4rem 1.2rem; }
        </style></head>
        <body><main><h1>\(escaped(title))</h1>
        \(content)
        </main><footer class="note">loopsim, a stand-in for Microsoft Entra ID. Never type a real password here.</footer>
        </body></html>
        """
    }

    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.append(character)
            }
        }
        return result
    }
}
