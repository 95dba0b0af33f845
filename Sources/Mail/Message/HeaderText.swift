/// Text in header fields: on one line, and in ASCII whatever it says (RFC 2047).
enum HeaderText {
    /// The text without anything that could end a line: each run of control characters and separators is one space.
    static func onOneLine(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator:
                if result.last != " " { result.append(" ") }
            default: result.append(scalar)
            }
        }
        return String(result).trimmed
    }

    /// `Name: text`, folded when it must be.
    static func field(_ name: String, _ text: String) -> String {
        let text = onOneLine(text)
        let line = "\(name): \(text)"
        if isPlain(text), line.utf8.count <= 78 { return line }
        return "\(name): \(encodedWords(text, firstLineTaken: name.utf8.count + 2))"
    }

    /// `"Name" <address>`, or the address alone.
    static func mailbox(_ address: MailAddress) -> String {
        guard let name = address.name else { return address.address }
        if isPlain(name), name.utf8.count <= 60 {
            let quoted = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            return "\"\(quoted)\"\r\n <\(address.address)>"
        }
        return "\(encodedWords(name, firstLineTaken: 6))\r\n <\(address.address)>"
    }

    /// ASCII that cannot be taken for an encoded word.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7e).contains($0) } && !text.contains("=?")
    }

    /// Encoded words of at most 75 characters, each with whole characters, one a line.
    private static func encodedWords(_ text: String, firstLineTaken: Int) -> String {
        let (opening, closing) = ("=?utf-8?B?", "?=")
        // Three bytes become four letters.
        func capacity(_ taken: Int) -> Int { (75 - taken - opening.utf8.count - closing.utf8.count) / 4 * 3 }
        var words: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            let most = capacity(words.count == 1 ? firstLineTaken : 1)
            if words[words.count - 1].count + bytes.count > most { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { opening + Base64.encode($0) + closing }.joined(separator: "\r\n ")
    }
}
