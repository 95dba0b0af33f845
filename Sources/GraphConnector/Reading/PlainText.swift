import Foundation

/// HTML as plain text. Graph is asked for text and usually sends it; this is for when it does not. It keeps words and line
/// ends, drops everything else, and never fails.
package enum PlainText {
    package static func fromHTML(_ html: String) -> String {
        var text = ""
        var rest = html[...]
        while let open = rest.firstIndex(of: "<") {
            append(rest[..<open], to: &text)
            let tag = rest[open...]
            guard let close = endOfTag(tag) else {
                rest = rest[rest.endIndex...]
                break
            }
            let name = tagName(tag[..<close])
            rest = rest[rest.index(after: close)...]
            if ["script", "style", "head", "title"].contains(name) {
                rest = afterElement(name, in: rest)
            } else if breaking.contains(name), !text.isEmpty, !text.hasSuffix("\n") {
                text += "\n"
            } else if name == "br" {
                text += "\n"
            }
        }
        append(rest, to: &text)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        return lines.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static let breaking: Set<String> = [
        "p", "/p", "div", "/div", "tr", "/tr", "li", "/li", "table", "/table", "ul", "/ul", "ol", "/ol", "h1", "/h1",
        "h2", "/h2", "h3", "/h3", "h4", "/h4", "blockquote", "/blockquote", "hr", "pre", "/pre",
    ]

    private static func endOfTag(_ tag: Substring) -> Substring.Index? {
        if tag.hasPrefix("<!--") { return tag.range(of: "-->").map { tag.index(before: $0.upperBound) } }
        return tag.firstIndex(of: ">")
    }

    private static func tagName(_ tag: Substring) -> String {
        let inside = tag.dropFirst()
        let slash = inside.hasPrefix("/") ? "/" : ""
        return slash + inside.dropFirst(slash.count).prefix { $0.isLetter || $0.isNumber }.lowercased()
    }

    private static func afterElement(_ name: String, in rest: Substring) -> Substring {
        guard let end = rest.range(of: "</\(name)", options: .caseInsensitive),
            let close = rest[end.upperBound...].firstIndex(of: ">")
        else { return rest[rest.endIndex...] }
        return rest[rest.index(after: close)...]
    }

    /// Text between tags: white space folds to one blank, entities become characters.
    private static func append(_ raw: Substring, to text: inout String) {
        guard !raw.isEmpty else { return }
        let words = raw.split(whereSeparator: { $0.isWhitespace && $0 != "\u{a0}" })
        if raw.first?.isWhitespace == true, !text.isEmpty, text.last?.isWhitespace == false { text += " " }
        text += decoded(words.joined(separator: " "))
        if raw.last?.isWhitespace == true, !words.isEmpty { text += " " }
    }

    private static let named = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "auml": "ä", "ouml": "ö", "uuml": "ü",
        "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü", "szlig": "ß", "eacute": "é", "egrave": "è", "aring": "å", "Aring": "Å",
        "oslash": "ø", "Oslash": "Ø", "aelig": "æ", "AElig": "Æ", "ndash": "–", "mdash": "—", "hellip": "…",
        "euro": "€", "copy": "©", "reg": "®", "bull": "•", "laquo": "«", "raquo": "»", "rsquo": "’", "lsquo": "‘",
        "ldquo": "“", "rdquo": "”",
    ]

    private static func decoded(_ text: String) -> String {
        guard text.contains("&") else { return text }
        var result = ""
        var rest = text[...]
        while let ampersand = rest.firstIndex(of: "&") {
            result += rest[..<ampersand]
            let after = rest[rest.index(after: ampersand)...]
            if let semicolon = after.prefix(12).firstIndex(of: ";"), let character = entity(after[..<semicolon]) {
                result += character
                rest = after[after.index(after: semicolon)...]
            } else {
                result += "&"
                rest = after
            }
        }
        return result + rest
    }

    private static func entity(_ name: Substring) -> String? {
        guard name.hasPrefix("#") else { return named[String(name)] }
        let digits = name.dropFirst()
        let isHex = digits.first == "x" || digits.first == "X"
        let number = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return number.flatMap(Unicode.Scalar.init).map { String(Character($0)) }
    }
}
