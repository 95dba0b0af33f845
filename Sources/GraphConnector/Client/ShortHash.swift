/// FNV-1a: spreads, and needs no secret. For recognizing, not for defending.
enum ShortHash {
    static let seed: UInt64 = 0xcbf2_9ce4_8422_2325

    static func of(_ text: String, seed: UInt64 = Self.seed) -> UInt64 {
        text.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    static func bytes(_ hash: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: hash >> (56 - 8 * UInt64($0))) }
    }
}
