import Foundation

/// Quoted-printable (RFC 2045 §6.7): text that stays legible, in ASCII lines of at most 76 characters.
enum QuotedPrintable {
    static func encode(_ text: String) -> String {
        lines(of: text).map(encode(line:)).joined(separator: "\r\n")
    }

    /// The lines of a text, whichever way they end; Swift takes CR LF for one character.
    private static func lines(of text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
    }

    private static func encode(line: Substring) -> String {
        var rows: [String] = []
        var row = ""
        let bytes = Array(line.utf8)
        for (index, byte) in bytes.enumerated() {
            let letter = spelling(of: byte, isLast: index == bytes.count - 1)
            // 75 and the "=" that says that the line goes on.
            if row.utf8.count + letter.utf8.count > 75 {
                rows.append(row + "=")
                row = ""
            }
            row += letter
        }
        return (rows + [row]).joined(separator: "\r\n")
    }

    private static func spelling(of byte: UInt8, isLast: Bool) -> String {
        let isPlain = (0x21...0x7e).contains(byte) && byte != UInt8(ascii: "=")
        let isSpace = byte == 0x20 || byte == 0x09
        if isPlain || (isSpace && !isLast) { return String(Unicode.Scalar(byte)) }
        let digits = Array("0123456789ABCDEF")
        return "=\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }
}

enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
