/// The engine's nine promises (docs/architecture.md), and what was seen to break one.
package enum Promise: String, Hashable, Sendable, CaseIterable {
    case convergence = "Convergence"
    case nothingLost = "Nothing lost"
    case nothingDoubled = "Nothing doubled"
    case noEcho = "No echo"
    case oneYesPerSlot = "One yes per slot"
    case faultStaysSmall = "A fault stays small"
    case noMassDeletion = "No mass deletion"
    case blindIsSaid = "Blind is said"
    case privateStaysPrivate = "Private stays private"
}

package struct Violation: Hashable, Sendable, CustomStringConvertible {
    package var promise: Promise
    package var text: String

    package var description: String { "\(promise.rawValue): \(text)" }
}
