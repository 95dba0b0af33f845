import ArgumentParser

@main
struct LoopSimCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loopsim",
        abstract: "A stand-in for Microsoft 365: Entra ID and Microsoft Graph's calendars, on your machine.",
        discussion: """
            loopsim speaks the protocols of Microsoft's login service and of Microsoft Graph over plain HTTP, with \
            their quirks: sign-ins fail with the real AADSTS bodies, room mailboxes answer invitations seconds later, \
            direct writes are not checked for clashes, tokens expire, requests are throttled. Everything lives in \
            memory and ends with the process.

            Start it:
              loopsim serve --port 8800

            Both base addresses of a client are then http://127.0.0.1:8800 (login) and http://127.0.0.1:8800/v1.0 \
            (Graph). Make a tenant, and look inside, through the control API:
              curl -d '{"domain":"contoso.example"}' http://127.0.0.1:8800/control/v1/tenants
              curl http://127.0.0.1:8800/control/v1/requests

            docs/loopsim.md has the whole control API, the quirks with their switches, and the faults.
            """,
        subcommands: [ServeCommand.self, SettingsCommand.self])
}
