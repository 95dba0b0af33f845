import Testing

@testable import Portal

@Suite("Templates and words")
struct PageFilesTests {
    @Test("Every word stands in every language, once")
    func words() { #expect(WordBook.embedded.complaints == []) }

    @Test("Every template can be read, and every word it asks for was written")
    func templates() { #expect(PageTemplates.embedded.complaints == []) }

    @Test("Templates hold no inline style or script, which the pages' policy forbids")
    func policy() throws {
        for (name, data) in PortalFiles.embedded.folder("Templates") {
            let text = String(decoding: data, as: UTF8.self)
            #expect(!text.contains(" style=\""), "\(name)")
            #expect(!text.contains("<style"), "\(name)")
            #expect(text.ranges(of: "<script").count == text.ranges(of: "<script src=\"/static/").count, "\(name)")
            #expect(text.firstMatch(of: /\son[a-z]+="/) == nil, "\(name)")
        }
    }

    @Test("Every form that changes something carries the session's mark")
    func marks() {
        for (name, data) in PortalFiles.embedded.folder("Templates") {
            let text = String(decoding: data, as: UTF8.self)
            for form in text.split(separator: "<form").dropFirst() where form.contains("method=\"post\"") {
                let body = form.prefix { _ in true }.split(separator: "</form>", maxSplits: 1)[0]
                #expect(body.contains("{{> form-token}}"), "\(name)")
            }
        }
    }

    @Test(
        "The browser's wish for a language is heard",
        arguments: [
            ("nb-NO,nb;q=0.9,en;q=0.8", Language.norwegian), ("no", .norwegian), ("nn-NO", .norwegian),
            ("de-DE,de;q=0.9", .english), ("en-GB,nb;q=0.5", .english), ("nb;q=0.1,en;q=0.9", .english), ("", .english),
        ])
    func language(header: String, expected: Language) { #expect(Language(accepting: header) == expected) }
}
