import Crypto
import CryptoExtras
import Foundation

/// Hashes people's passwords with scrypt (RFC 7914). The hash is text that names its own cost, so that the cost can be raised
/// later: `scrypt$<log2 n>$<r>$<p>$<salt>$<key>`.
///
/// Costs processor time and memory (128·n·r bytes) on the calling thread; callers limit how many run at one time.
package struct PasswordHasher: Sendable {
    package struct Cost: Hashable, Sendable {
        /// n = 2^logN.
        package var logN: Int
        package var blockSize: Int
        package var parallelism: Int

        package init(logN: Int, blockSize: Int = 8, parallelism: Int = 1) {
            self.logN = logN
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// 32 MiB, about a tenth of a second.
        package static let interactive = Cost(logN: 15)

        /// What is accepted from a stored hash: a changed database must not be able to exhaust memory.
        var isSane: Bool { (1...20).contains(logN) && (1...32).contains(blockSize) && (1...16).contains(parallelism) }
    }

    private let cost: Cost
    private let random: SecureRandom

    package init(cost: Cost = .interactive, random: SecureRandom = .system) {
        self.cost = cost
        self.random = random
    }

    package func hash(_ password: String) throws(PasswordError) -> String {
        let salt = Data(random.bytes(16))
        let key = try Self.key(of: password, salt: salt, cost: cost)
        return
            "scrypt$\(cost.logN)$\(cost.blockSize)$\(cost.parallelism)$\(salt.base64URL)$\(key.base64URL)"
    }

    /// Whether the password is the one that was hashed. Compares in constant time.
    package func verify(_ password: String, against hash: String) throws(PasswordError) -> Bool {
        let (cost, salt, expected) = try Self.read(hash)
        let found = try Self.key(of: password, salt: salt, cost: cost)
        guard found.count == expected.count else { return false }
        return zip(found, expected).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// Whether the hash was made with another cost, so that it is worth hashing again at the next sign-in.
    package func isOutdated(_ hash: String) -> Bool {
        guard let (cost, _, _) = try? Self.read(hash) else { return true }
        return cost != self.cost
    }

    private static func read(_ hash: String) throws(PasswordError) -> (cost: Cost, salt: Data, key: Data) {
        let parts = hash.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "scrypt", let logN = Int(parts[1]), let blockSize = Int(parts[2]),
            let parallelism = Int(parts[3]), let salt = Data(base64URL: parts[4]), let key = Data(base64URL: parts[5])
        else { throw .notAHash }
        let cost = Cost(logN: logN, blockSize: blockSize, parallelism: parallelism)
        guard cost.isSane, key.count == 32 else { throw .notAHash }
        return (cost, salt, key)
    }

    private static func key(of password: String, salt: Data, cost: Cost) throws(PasswordError) -> Data {
        do {
            return try KDF.Scrypt.deriveKey(
                from: Data(password.utf8), salt: salt, outputByteCount: 32, rounds: 1 << cost.logN,
                blockSize: cost.blockSize, parallelism: cost.parallelism
            ).withUnsafeBytes { Data($0) }
        } catch {
            throw .derivationFailed
        }
    }
}

package enum PasswordError: Error, Hashable, Sendable {
    /// The stored text is not a hash that we made.
    case notAHash
    case derivationFailed
}
