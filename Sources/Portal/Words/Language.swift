/// A language of the portal.
package enum Language: String, Hashable, Sendable, CaseIterable {
    case english = "en"
    /// Norwegian bokmål.
    case norwegian = "nb"

    /// The language that a browser asks for, by `Accept-Language`; English when it asks for none that there is.
    init(accepting header: String?) {
        let wishes = (header ?? "").split(separator: ",").map { part -> (tag: String, weight: Double) in
            let pieces = part.split(separator: ";").map { $0.trimmingPrefix(while: { $0 == " " }) }
            let weight = pieces.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            return (pieces.first.map { $0.lowercased() } ?? "", weight)
        }
        for wish in wishes.sorted(by: { $0.weight > $1.weight }) where wish.weight > 0 {
            switch wish.tag.split(separator: "-").first {
            case "en": self = .english
            // Nynorsk and the old name of the language: bokmål is nearest.
            case "nb", "no", "nn": self = .norwegian
            default: continue
            }
            return
        }
        self = .english
    }
}
