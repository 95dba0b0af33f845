import CalendarModel
import CalendarTime

/// The `Prefer` header: several tokens in one field or in several.
struct GraphPreferences: Sendable {
    var immutableIDs = false
    /// The zone named by `outlook.timezone`.
    var zoneName: String?
    /// `text` or `html`.
    var bodyContentType: String?
    var maxPageSize: Int?
    /// The tokens that were understood, for `Preference-Applied`.
    private(set) var applied: [String] = []

    init(_ header: String) {
        for token in Self.tokens(header) {
            let parts = token.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != "\"" } }
            guard parts.count == 2 else { continue }
            let value = String(parts[1]).trimmed
            switch String(parts[0]).trimmed.lowercased() {
            case "idtype" where value.lowercased() == "immutableid":
                immutableIDs = true
                applied.append("IdType=\"ImmutableId\"")
            case "outlook.timezone":
                zoneName = value
                applied.append("outlook.timezone=\"\(value)\"")
            case "outlook.body-content-type" where ["text", "html"].contains(value.lowercased()):
                bodyContentType = value.lowercased()
                applied.append("outlook.body-content-type=\"\(value.lowercased())\"")
            case "odata.maxpagesize":
                guard let size = Int(value), size > 0 else { continue }
                maxPageSize = min(size, 1000)
                applied.append("odata.maxpagesize=\(size)")
            default: continue
            }
        }
    }

    /// The zone in which times are shown; UTC unless asked for another.
    func zone() throws(GraphError) -> ZonedTime.Zone {
        guard let zoneName else { return .utc }
        guard let zone = ZonedTime.Zone(named: zoneName) else { throw .unknownZone(zoneName) }
        return zone
    }

    /// Splits at commas and semicolons outside quotes.
    private static func tokens(_ header: String) -> [String] {
        var tokens: [String] = []
        var current = ""
        var quoted = false
        for character in header {
            if character == "\"" { quoted.toggle() }
            if !quoted, character == "," || character == ";" {
                tokens.append(current)
                current = ""
            } else {
                current.append(character)
            }
        }
        return (tokens + [current]).filter { !$0.isEmpty }
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
