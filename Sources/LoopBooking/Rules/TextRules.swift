import CalendarModel

/// The limits on what people type. The lengths are those that Microsoft 365 accepts, counted as it counts them (UTF-16
/// code units), so that whatever LoopBooking takes can cross.
package enum TextRules {
    package static let longestSubject = 255
    package static let longestBody = 32_000
    package static let longestName = 255
    package static let longestAddress = 320
    package static let mostAttendees = 500

    /// What is wrong with a subject, location or name: one line of bounded length.
    static func line(_ text: String, field: String, longest: Int, isRequired: Bool = false) -> [RuleViolation] {
        var violations: [RuleViolation] = []
        if isRequired, canonicalLine(text).isEmpty {
            violations.append(.required(field, "\(field) must not be empty."))
        }
        violations += length(of: text, field: field, longest: longest)
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            violations.append(
                RuleViolation(
                    code: "control-character", field: field,
                    message: "\(field) must be a single line without control characters."))
        }
        return violations
    }

    /// What is wrong with a text of several lines.
    static func text(_ text: String, field: String, longest: Int) -> [RuleViolation] {
        var violations = length(of: text, field: field, longest: longest)
        let isAllowed: (Unicode.Scalar) -> Bool = { $0 == "\n" || $0 == "\r" || $0 == "\t" }
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control && !isAllowed($0) }) {
            violations.append(
                RuleViolation(
                    code: "control-character", field: field,
                    message: "\(field) must not have control characters other than line ends and tabs."))
        }
        return violations
    }

    /// What is wrong with a person. An organizer may lack the address, somebody to invite may not.
    static func person(_ person: Person, field: String, needsAddress: Bool) -> [RuleViolation] {
        var violations = line(person.name, field: "\(field).name", longest: longestName)
        let addressField = "\(field).address"
        if person.address.isEmpty {
            if needsAddress {
                violations.append(.required(addressField, "An attendee needs an e-mail address."))
            } else if canonicalLine(person.name).isEmpty {
                violations.append(.required("\(field).name", "An organizer needs a name or an e-mail address."))
            }
            return violations
        }
        let tooLong = length(of: person.address, field: addressField, longest: longestAddress)
        violations += tooLong
        if tooLong.isEmpty, !looksLikeAddress(person.address) {
            violations.append(
                RuleViolation(
                    code: "invalid-address", field: addressField,
                    message: "\(addressField) is not an e-mail address such as anna@example.com."))
        }
        return violations
    }

    static func attendees(_ attendees: [Attendee]) -> [RuleViolation] {
        guard attendees.count <= mostAttendees else {
            return [
                RuleViolation(
                    code: "too-many", field: "attendees",
                    message: "A booking has at most \(mostAttendees) attendees; this one has \(attendees.count).")
            ]
        }
        return attendees.enumerated().flatMap { index, attendee in
            person(attendee.person, field: "attendees[\(index)]", needsAddress: true)
        }
    }

    private static func length(of text: String, field: String, longest: Int) -> [RuleViolation] {
        let count = text.utf16.count
        guard count > longest else { return [] }
        return [
            RuleViolation(
                code: "too-long", field: field,
                message: "\(field) has \(count) characters; at most \(longest) are possible.")
        ]
    }

    /// Whether a text has the shape of an SMTP address. Only the mail system knows whether it exists.
    static func looksLikeAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let local = parts.first, let domain = parts.last else { return false }
        guard !local.isEmpty, local.utf8.count <= 64, !domain.isEmpty else { return false }
        let forbidden: Set<Character> = ["<", ">", "(", ")", ",", ";", ":", "\"", "\\", "[", "]"]
        guard !text.contains(where: { $0.isWhitespace || forbidden.contains($0) }) else { return false }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return false }
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.allSatisfy({ !$0.isEmpty && $0.first != "-" && $0.last != "-" }) else { return false }
        return local.first != "." && local.last != "." && !local.contains("..")
    }
}
