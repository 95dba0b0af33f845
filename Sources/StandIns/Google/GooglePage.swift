/// The account chooser of Google: a form with a button for each account. No password is asked: whoever runs loopsim may be
/// anybody.
enum GooglePage {
    /// - Parameters:
    ///   - action: the address of this very page, its query included: the form adds who was chosen.
    ///   - unknown: an address that was asked for and is nobody's.
    static func chooser(
        _ signIn: GoogleSignIn, accounts: [GoogleAccount], action: String, unknown: String?
    ) -> String {
        let hint = signIn.loginHint?.lowercased()
        let ordered =
            accounts.filter { $0.email.lowercased() == hint } + accounts.filter { $0.email.lowercased() != hint }
        let items = ordered.map { account in
            """
            <li><button type="submit" name="account" value="\(escaped(account.email))"><strong>\(escaped(account.name))</strong>
            <span>\(escaped(account.email))</span></button></li>
            """
        }
        let choice =
            items.isEmpty
            ? "<p>There are no accounts. Add some with <code>POST /control/v1/google/accounts</code>.</p>"
            : "<ul>\(items.joined(separator: "\n"))</ul>"
        return page(
            title: "Choose an account",
            """
            \(unknown.map { "<p class=\"error\" role=\"alert\">Couldn’t find the Google Account \(escaped($0)).</p>" } ?? "")
            <p>to continue to <strong>\(escaped(signIn.client.displayName))</strong></p>
            <form method="post" action="\(escaped(action))">
            \(choice)
            <p><button class="plain" type="submit" name="cancel" value="1">Cancel</button></p>
            </form>
            """)
    }

    static func failure(_ error: GoogleError) -> String {
        page(
            title: "Access blocked: authorization error",
            """
            <p class="error" role="alert">\(escaped(error.message))</p>
            <p>Error \(String(error.status)): \(escaped(error.error))</p>
            """)
    }

    private static func page(title: String, _ content: String) -> String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>\(escaped(title))</title>
        <style>
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 30rem; margin: 4rem auto; padding: 0 1rem; color: #1f1f1f;
          background: #fff; }
        ul { list-style: none; padding: 0; }
        li button { display: block; width: 100%; text-align: left; padding: .6rem 1rem; margin: .4rem 0; font: inherit;
          background: #fff; color: inherit; border: 1px solid #747775; border-radius: .5rem; }
        li button span { display: block; color: #444746; font-size: .875rem; }
        .plain { padding: .4rem 1.2rem; font: inherit; }
        .error { color: #a50e0e; } .note { color: #444746; font-size: .875rem; }
        </style></head>
        <body><main><h1>\(escaped(title))</h1>
        \(content)
        </main><footer class="note">loopsim, a stand-in for Google’s sign-in. Never type a real password here.</footer>
        </body></html>
        """
    }

    private static func escaped(_ text: String) -> String { SignInPage.escaped(text) }
}
