import Foundation
import NIOCore

/// Guards addresses that people type in (a login or Graph base URL): they must not make the service call into the network it
/// runs in. Literal addresses and names that are internal by convention are refused; what a public name resolves to is
/// ``isInternal(_:)``'s question, asked of the resolved address.
package enum OutboundAddress {
    package enum Refusal: Error, Hashable, Sendable {
        case notAURL
        case schemeNotAllowed(String)
        case hasCredentials
        case internalAddress(String)
    }

    /// Checks a base URL. `allowingInternal` is the operator's switch for test systems and on-premises vendors.
    package static func check(_ url: String, allowingInternal: Bool) throws(Refusal) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            let host = parts.host, !host.isEmpty
        else { throw .notAURL }
        guard parts.user == nil, parts.password == nil else { throw .hasCredentials }
        guard scheme == "https" || (allowingInternal && scheme == "http") else { throw .schemeNotAllowed(scheme) }
        if !allowingInternal, isInternal(host: host) { throw .internalAddress(host) }
    }

    /// Whether a host, by its spelling alone, is inside.
    package static func isInternal(host: String) -> Bool {
        var name = host.lowercased()
        if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
        while name.hasSuffix(".") { name.removeLast() }
        if let zone = name.firstIndex(of: "%") { name = String(name[..<zone]) }
        if let address = try? SocketAddress(ipAddress: name, port: 0) { return isInternal(address) }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count > 1, let last = labels.last else { return true }
        // 127.1, 2130706433, 0x7f.1: spellings of an address that resolvers still understand.
        if last.allSatisfy(\.isNumber) || last.hasPrefix("0x") { return true }
        return ["localhost", "local", "internal", "lan", "home", "corp", "intranet"].contains(String(last))
            || name.hasSuffix(".home.arpa")
    }

    /// Whether an address is not one of the public Internet: loopback, private, link-local (cloud metadata), shared,
    /// documentation, benchmark, multicast, reserved; also when it is wrapped in IPv6.
    package static func isInternal(_ address: SocketAddress) -> Bool {
        switch address {
        case .v4(let four): isInternal(four: withUnsafeBytes(of: four.address.sin_addr) { Array($0) })
        case .v6(let six): isInternal(six: withUnsafeBytes(of: six.address.sin6_addr) { Array($0) })
        case .unixDomainSocket: true
        }
    }

    private static func isInternal(four bytes: [UInt8]) -> Bool {
        switch (bytes[0], bytes[1]) {
        case (0, _), (10, _), (127, _), (224..., _): true
        case (100, 64...127), (169, 254), (172, 16...31), (192, 168), (198, 18...19): true
        case (192, 0): bytes[2] == 0 || bytes[2] == 2
        case (198, 51): bytes[2] == 100
        case (203, 0): bytes[2] == 113
        default: false
        }
    }

    private static func isInternal(six bytes: [UInt8]) -> Bool {
        let leadingZeros = bytes.prefix { $0 == 0 }.count
        // ::, ::1, ::a.b.c.d
        if leadingZeros >= 12 { return leadingZeros >= 15 || isInternal(four: Array(bytes[12...])) }
        // ::ffff:a.b.c.d
        if leadingZeros == 10, bytes[10] == 0xff, bytes[11] == 0xff { return isInternal(four: Array(bytes[12...])) }
        // 64:ff9b::a.b.c.d (translation)
        if bytes[0] == 0, bytes[1] == 0x64, bytes[2] == 0xff, bytes[3] == 0x9b {
            return isInternal(four: Array(bytes[12...]))
        }
        // 2002:a.b.c.d:: (6to4)
        if bytes[0] == 0x20, bytes[1] == 0x02 { return isInternal(four: Array(bytes[2..<6])) }
        if bytes[0] == 0x20, bytes[1] == 0x01, bytes[2] == 0x0d, bytes[3] == 0xb8 { return true }
        // fc00::/7, fe80::/10, fec0::/10, ff00::/8
        return bytes[0] & 0xfe == 0xfc || (bytes[0] == 0xfe && bytes[1] & 0x80 != 0) || bytes[0] == 0xff
    }
}
