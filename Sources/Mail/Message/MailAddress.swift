/// Somebody's e-mail address, with the name beside it. Checked when it is made: no address can end a line, a header or an
/// SMTP command.
package struct MailAddress: Hashable, Sendable {
    /// `anna@contoso.example`
    package let address: String
    /// `Anna Ås`
    package let name: String?

    /// - Throws: ``MailError`` of kind `addressUnusable`.
    package init(_ address: String, name: String? = nil) throws(MailError) {
        guard Self.isUsable(address) else { throw .unusable(address: address) }
        self.address = address
        self.name = name.map(HeaderText.onOneLine).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Reads `anna@contoso.example` or `Anna Ås <anna@contoso.example>`, as people write it into settings.
    package init(parsing text: String) throws(MailError) {
        let text = text.trimmed
        guard text.hasSuffix(">"), let open = text.lastIndex(of: "<") else {
            try self.init(text)
            return
        }
        var name = String(text[..<open]).trimmed
        if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") { name = String(name.dropFirst().dropLast()) }
        try self.init(String(text[text.index(after: open)...].dropLast()), name: name)
    }

    package var domain: String { String(address[address.index(after: at)...]) }

    private var at: String.Index { address.lastIndex(of: "@") ?? address.startIndex }

    /// The addresses that mail systems give to people: ASCII, without quotes, comments and address literals.
    private static func isUsable(_ address: String) -> Bool {
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, address.utf8.count <= 254, parts[0].utf8.count <= 64 else { return false }
        let special = Set("!#$%&'*+-/=?^_`{|}~.".unicodeScalars)
        let local = parts[0].unicodeScalars.allSatisfy { $0.isASCIILetterOrDigit || special.contains($0) }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        let domain = labels.allSatisfy { label in
            !label.isEmpty && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.unicodeScalars.allSatisfy { $0.isASCIILetterOrDigit || $0 == "-" }
        }
        return !parts[0].isEmpty && local && domain
    }
}

extension Unicode.Scalar {
    fileprivate var isASCIILetterOrDigit: Bool {
        ("a"..."z").contains(self) || ("A"..."Z").contains(self) || ("0"..."9").contains(self)
    }
}

extension String {
    var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
