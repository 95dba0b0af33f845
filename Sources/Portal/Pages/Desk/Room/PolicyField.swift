import Foundation
import SyncEngine

/// One choice of a link's policy, as forms and words know it.
enum PolicyField: String, CaseIterable, Sendable {
    case writing, clash, divergence, content, whenBlind, share, minimum

    /// The words that can be chosen; empty for numbers.
    var choices: [String] {
        switch self {
        case .writing: WritingMode.allCases.map(\.rawValue)
        case .clash: LinkPolicy.Clash.allCases.map(\.rawValue)
        case .divergence: LinkPolicy.Divergence.allCases.map(\.rawValue)
        case .content: LinkPolicy.Content.allCases.map(\.rawValue)
        case .whenBlind: LinkPolicy.WhenBlind.allCases.map(\.rawValue)
        case .share, .minimum: []
        }
    }

    func value(of policy: LinkPolicy) -> String {
        switch self {
        case .writing: policy.writing.rawValue
        case .clash: policy.clash.rawValue
        case .divergence: policy.divergence.rawValue
        case .content: policy.content.rawValue
        case .whenBlind: policy.whenBlind.rawValue
        case .share: String(Int((policy.massDeletionShare * 100).rounded()))
        case .minimum: String(policy.massDeletionMinimum)
        }
    }

    /// Sets the field; false when the value is none that it can have.
    func set(_ value: String, in policy: inout LinkPolicy) -> Bool {
        func keep<Choice: RawRepresentable>(_ path: WritableKeyPath<LinkPolicy, Choice>) -> Bool
        where Choice.RawValue == String {
            guard let choice = Choice(rawValue: value) else { return false }
            policy[keyPath: path] = choice
            return true
        }
        switch self {
        case .writing: return keep(\.writing)
        case .clash: return keep(\.clash)
        case .divergence: return keep(\.divergence)
        case .content: return keep(\.content)
        case .whenBlind: return keep(\.whenBlind)
        case .share:
            guard let percent = Int(value), (1...100).contains(percent) else { return false }
            // What was not changed keeps its exact value.
            if self.value(of: policy) != value { policy.massDeletionShare = Double(percent) / 100 }
        case .minimum:
            guard let number = Int(value), (1...10_000).contains(number) else { return false }
            policy.massDeletionMinimum = number
        }
        return true
    }

    /// A value in words.
    func shown(_ value: String, _ words: Words) -> String {
        switch self {
        case .share: "\(value) %"
        case .minimum: value
        default: words["policy.\(rawValue).\(value)"]
        }
    }
}
