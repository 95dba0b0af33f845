import Crypto
import Foundation

/// Where unpredictable bytes come from. The system's generator, unless a test brings its own.
package struct SecureRandom: Sendable {
    package let bytes: @Sendable (_ count: Int) -> [UInt8]

    package init(bytes: @escaping @Sendable (_ count: Int) -> [UInt8]) { self.bytes = bytes }

    package static let system = SecureRandom { count in
        SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { Array($0) }
    }

    /// Text of `count` random bytes in base64url: for `state` parameters and session ids.
    package func text(count: Int = 32) -> String { Data(bytes(count)).base64URL }
}
