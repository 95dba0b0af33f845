import CalendarModel
import Foundation
import Logging
import Testing

@testable import Mail

@Suite("What a message looks like")
struct MessageTests {
    static let sender = MailAddress.sure("sync@loop.example", name: "LoopBooking Sync")
    /// Monday, 2 March 2026, 08:05:09 UTC.
    static let now = Instant(seconds: 1_772_438_709)

    private func encoded(
        _ subject: String = "Room", _ body: String = "Text", to: [MailAddress] = [.sure("anna@contoso.example")]
    ) -> String {
        MailMessage(to: to, subject: subject, body: body).encoded(from: Self.sender, at: Self.now, id: "abc.123")
    }

    private func lines(_ text: String) -> [String] { text.components(separatedBy: "\r\n") }

    @Test("Everything a mail server and a mail program want is there")
    func plain() {
        #expect(
            lines(encoded("Oslo stopped", "Hello\nworld")) == [
                "From: \"LoopBooking Sync\"", " <sync@loop.example>", "To: anna@contoso.example",
                "Subject: Oslo stopped", "Date: Mon, 2 Mar 2026 08:05:09 +0000", "Message-ID: <abc.123@loop.example>",
                "Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All", "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "", "Hello",
                "world", "",
            ])
    }

    @Test("Whatever is said, lines stay short and in ASCII", arguments: Self.texts)
    func lines(text: String) throws {
        let to = [MailAddress.sure("a@b.example", name: text), .sure("c@d.example", name: "Åse “\(text)”")]
        let message = encoded(text, text, to: to)
        for line in lines(message) {
            #expect(line.utf8.count <= 78, "\(line)")
            #expect(line.utf8.allSatisfy { (0x20...0x7e).contains($0) || $0 == 0x09 }, "\(line)")
        }
        // Only we begin headers.
        let head = lines(message).prefix { !$0.isEmpty }
        let names = head.filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" } }
        #expect(
            names == [
                "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
                "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
            ])
    }

    static let texts = [
        "plain", "", "Møterom «Blåbær» 🫐", String(repeating: "lang tekst ", count: 40),
        String(repeating: "x", count: 3000), "Hei\r\nBcc: eve@evil.example\r\n\r\nBody",
        "a\nb\rc\u{2028}d\u{85}e\u{0}f",
        "=?utf-8?B?ZXZpbA==?=", ".\r\n.\r\nQUIT", "tail  \ntab\t\n", String(repeating: "🏳️‍🌈", count: 30),
        "\"quoted\" \\ back",
    ]

    @Test("A subject's line breaks become spaces, and it reads as it was written")
    func subject() {
        #expect(encoded("Hei\r\nBcc: eve@evil.example").contains("\r\nSubject: Hei Bcc: eve@evil.example\r\n"))
        #expect(encoded("Blåbær").contains("\r\nSubject: =?utf-8?B?QmzDpWLDpnI=?=\r\n"))
    }

    @Test("The body keeps its lines, its spaces at their ends and its equals signs")
    func body() {
        #expect(encoded("", "1 = 2 \r\nå").hasSuffix("\r\n\r\n1 =3D 2=20\r\n=C3=A5\r\n"))
        let long = encoded("", String(repeating: "z", count: 80))
        #expect(long.hasSuffix(String(repeating: "z", count: 75) + "=\r\nzzzzz\r\n"))
    }
}

@Suite("Addresses")
struct MailAddressTests {
    @Test("What people write into settings")
    func parsing() throws {
        #expect(try MailAddress(parsing: " anna@contoso.example ") == .sure("anna@contoso.example"))
        #expect(
            try MailAddress(parsing: "Anna Ås <a.s+x@contoso.example>")
                == .sure("a.s+x@contoso.example", name: "Anna Ås"))
        #expect(try MailAddress(parsing: "\"Ås, Anna\" <a@b>") == .sure("a@b", name: "Ås, Anna"))
    }

    @Test(
        "What could end a line or a command is no address",
        arguments: [
            "", "anna", "@b.example", "a@", "a@b@c", "a b@c.example", "a@c.example>\r\nRCPT TO:<x@y.example",
            "a@b.example\n",
            "<a@b.example>", "a@-b.example", "a@b..example", "ås@b.example", "a@[127.0.0.1]", "a,b@c.example",
            String(repeating: "a", count: 65) + "@b.example",
        ])
    func unusable(text: String) {
        let error = #expect(throws: MailError.self) { try MailAddress(text) }
        #expect(error?.kind == .addressUnusable)
        #expect(error?.summary.contains("\n") == false)
    }
}

@Suite("Sending")
struct SendingTests {
    private let message = MailMessage(to: [.sure("anna@contoso.example")], subject: "Test", body: "Test")

    private func mailer(_ change: (inout MailServer) -> Void) throws -> Mailer {
        var server = MailServer(host: "127.0.0.1", port: 9, security: .none, from: .sure("sync@loop.example"))
        change(&server)
        return try Mailer(
            server: server, now: { Instant(seconds: 0) },
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    @Test("Settings that cannot work, or would show the password, are refused at once")
    func settings() throws {
        let wrong: [(inout MailServer) -> Void] = [
            { $0.host = "" }, { $0.host = "smtp.example/x" }, { $0.host = "a\r\nb" }, { $0.port = 0 },
            { $0.port = 70_000 },
            { $0.user = "u" },
            { (server: inout MailServer) in
                server.host = "smtp.contoso.example"
                (server.user, server.password) = ("u", "secret-word")
            },
        ]
        for change in wrong {
            let error = #expect(throws: MailError.self) { try mailer(change) }
            #expect(error?.kind == .settingsUnusable)
            #expect(error?.description.contains("secret-word") == false)
        }
    }

    @Test("A server's settings never show its password")
    func hidden() {
        let server = MailServer(host: "h", user: "u", password: "secret-word", from: .sure("a@b.example"))
        var text = "\(server) \(String(reflecting: server))"
        dump(server, to: &text)
        #expect(!text.contains("secret-word"))
    }

    @Test("No server there")
    func unreachable() async throws {
        let socket = try SilentServer()
        let port = socket.port
        socket.close()
        let mailer = try mailer { $0.port = port }
        let error = await #expect(throws: MailError.self) { try await mailer.send(message) }
        #expect(error?.kind == .unreachable)
        #expect(error?.isPassing == true)
        #expect(error?.summary.contains("127.0.0.1:\(port)") == true)
    }

    @Test("A server that says nothing ends with the time limit")
    func timeout() async throws {
        let socket = try SilentServer()
        defer { socket.close() }
        let mailer = try mailer {
            $0.port = socket.port
            $0.timeout = .milliseconds(300)
        }
        let error = await #expect(throws: MailError.self) { try await mailer.send(message) }
        #expect(error?.kind == .timedOut)
    }

    @Test("Whoever waits may stop waiting")
    func cancelled() async throws {
        let socket = try SilentServer()
        defer { socket.close() }
        let mailer = try mailer {
            $0.port = socket.port
            $0.timeout = .seconds(600)
        }
        let sending = Task { try await mailer.send(message) }
        sending.cancel()
        await #expect(throws: CancellationError.self) { try await sending.value }
    }

    @Test("A message needs somebody to go to")
    func nobody() async throws {
        let mailer = try mailer { _ in }
        let error = await #expect(throws: MailError.self) {
            try await mailer.send(MailMessage(to: [], subject: "", body: ""))
        }
        #expect(error?.kind == .addressUnusable)
    }
}

extension MailAddress {
    /// An address of a test, known to be one.
    static func sure(_ address: String, name: String? = nil) -> MailAddress {
        do { return try MailAddress(address, name: name) } catch { preconditionFailure("\(error)") }
    }
}

/// Takes connections and never says a word.
struct SilentServer {
    let port: Int
    private let descriptor: Int32

    struct Failure: Error {}

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (made, size) = (descriptor, length)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(made, $0, size) == 0 && listen(made, 8) == 0 && getsockname(made, $0, &length) == 0
            }
        }
        guard isBound else { throw Failure() }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    func close() { _ = Foundation.close(descriptor) }
}
