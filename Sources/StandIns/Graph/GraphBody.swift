import Foundation

/// Bodies as Exchange keeps them: text becomes a small HTML document, and HTML is turned back into text when asked for.
enum GraphBody {
    static func html(fromText text: String) -> String {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { escaped(String($0)) }
            .joined(separator: "<br>\r\n")
        return """
            <html>\r
            <head>\r
            <meta name="Generator" content="Microsoft Exchange Server">\r
            <!-- converted from text -->\r
            <style><!-- .EmailQuote { margin-left: 1pt; padding-left: 4pt; border-left: #800000 2px solid; } --></style>\r
            </head>\r
            <body>\r
            <font size="2"><span style="font-size:11pt;"><div class="PlainText">\(lines)</div></span></font>\r
            </body>\r
            </html>\r\n
            """
    }

    /// A client's HTML, made a whole document if it is none.
    static func document(fromHTML html: String) -> String {
        guard !html.lowercased().contains("<html") else { return html }
        return """
            <html>\r
            <head>\r
            <meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r
            </head>\r
            <body>\r
            \(html)\r
            </body>\r
            </html>\r\n
            """
    }

    static func text(fromHTML html: String) -> String {
        var text = ""
        var rest = html[...]
        var hiddenUntil: String?
        while let character = rest.popFirst() {
            if character == "<" {
                let tag: Substring
                if rest.hasPrefix("!--") {
                    tag = rest.range(of: "-->").map { rest[..<$0.lowerBound] } ?? rest
                    rest = rest.range(of: "-->").map { rest[$0.upperBound...] } ?? ""
                    _ = tag
                    continue
                }
                tag = rest.prefix { $0 != ">" }
                rest = rest.dropFirst(tag.count + 1)
                let name = tag.prefix { !$0.isWhitespace }.lowercased()
                if let hidden = hiddenUntil {
                    if name == hidden { hiddenUntil = nil }
                } else if name == "style" || name == "script" || name == "head" {
                    hiddenUntil = "/" + name
                } else if name == "br" || name == "br/" || name == "/p" || name == "/div" || name == "/tr"
                    || name == "/li"
                {
                    text += "\r\n"
                }
            } else if hiddenUntil != nil {
                continue
            } else if character == "&", let end = rest.prefix(10).firstIndex(of: ";") {
                text += entity(String(rest[..<end]))
                rest = rest[rest.index(after: end)...]
            } else if character.isNewline {
                // Line ends in HTML are white space.
                if let last = text.last, !last.isWhitespace { text += " " }
            } else {
                text.append(character)
            }
        }
        return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { String($0).trimmed }
            .joined(separator: "\r\n")
            .trimmed
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }

    private static func entity(_ name: String) -> String {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        case "nbsp": return " "
        default:
            let digits = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
            guard name.hasPrefix("#"), let digits, let scalar = Unicode.Scalar(digits) else { return "&\(name);" }
            return String(Character(scalar))
        }
    }
}
