import HTTPTransport
import NIOCore
import Testing

@Suite("Addresses that people type do not lead inside") struct OutboundAddressTests {
    @Test(
        arguments: [
            "localhost", "printer", "127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
            "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "[::1]", "[::]", "[fe80::1]",
            "[fd00::1]", "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[ff02::1]", "2130706433",
            "127.1",
            "0x7f.1", "router.local", "db.internal", "nas.home.arpa", "LOCALHOST.", "a.localhost",
        ])
    func `Internal hosts are refused`(_ host: String) {
        #expect(OutboundAddress.isInternal(host: host))
        #expect(throws: OutboundAddress.Refusal.self) {
            try OutboundAddress.check("https://\(host)/v1.0", allowingInternal: false)
        }
    }

    @Test(
        arguments: [
            "graph.microsoft.com", "8.8.8.8", "172.32.0.1", "100.128.0.1", "[2606:4700::1111]", "[::ffff:8.8.8.8]",
            "localhost.example.com", "internal.example.com",
        ])
    func `Public hosts are not`(_ host: String) throws {
        #expect(!OutboundAddress.isInternal(host: host))
        try OutboundAddress.check("https://\(host)/v1.0", allowingInternal: false)
    }

    @Test func `The operator can allow internal hosts and plain HTTP`() throws {
        try OutboundAddress.check("http://127.0.0.1:8080/v1.0", allowingInternal: true)
        #expect(throws: OutboundAddress.Refusal.schemeNotAllowed("http")) {
            try OutboundAddress.check("http://graph.microsoft.com", allowingInternal: false)
        }
    }

    @Test(arguments: ["", "not a url", "https://", "graph.microsoft.com"])
    func `Text that is no URL is refused`(_ text: String) {
        #expect(throws: OutboundAddress.Refusal.notAURL) { try OutboundAddress.check(text, allowingInternal: true) }
    }

    @Test func `Other schemes and embedded credentials are refused`() {
        #expect(throws: OutboundAddress.Refusal.schemeNotAllowed("file")) {
            try OutboundAddress.check("file://host/etc/passwd", allowingInternal: true)
        }
        #expect(throws: OutboundAddress.Refusal.hasCredentials) {
            try OutboundAddress.check("https://graph.microsoft.com@evil.example/", allowingInternal: true)
        }
    }
}
