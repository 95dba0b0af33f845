/// One line of text without what vendors change on their own: white space is folded and trimmed.
package func canonicalLine(_ text: String) -> String {
    text.split(whereSeparator: { $0.isWhitespace }).joined(separator: " ")
}

/// Several lines of text without what vendors change on their own: line ends, white space within lines, and blank lines
/// (an HTML round trip adds and drops them) are folded.
package func canonicalText(_ text: String) -> String {
    text.split(whereSeparator: { $0.isNewline })
        .map { canonicalLine(String($0)) }
        .filter { !$0.isEmpty }
        .joined(separator: "\n")
}

/// A short digest of a meeting's canonical content.
package struct Fingerprint: Hashable, Sendable, Codable, CustomStringConvertible {
    package let hex: String

    package init(hex: String) { self.hex = hex }

    package var description: String { hex }

    /// The digest of some texts in their order.
    package static func of(_ parts: [String]) -> Fingerprint {
        var digest = Digest()
        for part in parts { digest.add(part) }
        return digest.fingerprint
    }

    /// FNV-1a in two lanes of 64 bits. Not cryptographic: it tells changes apart, it does not defend against anyone.
    struct Digest {
        private var low: UInt64 = 0xcbf2_9ce4_8422_2325
        private var high: UInt64 = 0x6c62_272e_07bb_0142

        mutating func add(_ text: String) {
            for byte in text.utf8 { add(byte) }
            add(0xff)  // never part of UTF-8: keeps ["ab", "c"] apart from ["a", "bc"]
        }

        private mutating func add(_ byte: UInt8) {
            low = (low ^ UInt64(byte)) &* 0x100_0000_01b3
            high = (high ^ UInt64(byte ^ 0x5c)) &* 0x100_0000_01b3
        }

        var fingerprint: Fingerprint { Fingerprint(hex: hex(low) + hex(high)) }

        private func hex(_ value: UInt64) -> String {
            let digits = String(value, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
    }
}
