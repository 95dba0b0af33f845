/// Why a time given from outside cannot be used.
package enum TimeError: Error, Hashable, Sendable {
    /// The text is not a time, with what was expected.
    case malformed(String, expected: String)
    /// The text names a date or time of day that does not exist, such as 30 February.
    case impossible(String)
    case unknownZone(String)
    case endBeforeStart
}

extension TimeError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let text, let expected): "“\(text.prefix(60))” is not a time of the form \(expected)."
        case .impossible(let text): "“\(text.prefix(60))” is not a date and time that exists."
        case .unknownZone(let name):
            "The time zone “\(name.prefix(60))” is unknown. Use an IANA name such as Europe/Oslo."
        case .endBeforeStart: "The end must be after the start."
        }
    }
}
