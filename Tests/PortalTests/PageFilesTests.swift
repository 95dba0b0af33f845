import Foundation
import Testing

@testable import Portal

@Suite("Templates and words")
struct PageFilesTests {
    @Test("Every word stands in every language, once")
    func words() { #expect(WordBook.embedded.complaints == []) }

    @Test("Every template can be read, and every word it asks for was written")
    func templates() { #expect(PageTemplates.embedded.complaints == []) }

    @Test("Every act that pages, the REST API and commands write into the audit log has words")
    func acts() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources")
        let files = ["Portal", "loopsync"].flatMap {
            FileManager.default.enumerator(at: sources.appending(path: $0), includingPropertiesForKeys: nil)?
                .allObjects ?? []
        }
        var acts: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /audit\(\s*(?:[^",()]*\?\s*"([A-Za-z.]+)"\s*:\s*)?"([A-Za-z.]+)"/) {
                acts.formUnion([match.output.1, match.output.2].compactMap { $0.map(String.init) })
            }
        }
        #expect(acts.contains("member.invite") && acts.contains("link.pause") && acts.contains("connection.add"))
        for act in acts.sorted() { #expect(WordBook.embedded[.english].has("audit.action.\(act)"), "\(act)") }
    }

    @Test("Text that is written at once is text, not HTML")
    func escaped() {
        #expect(PageTemplates.escaped("Oslo \"<b>\" & co") == "Oslo &quot;&lt;b&gt;&quot; &amp; co")
        #expect(PageTemplates.escaped("Bodø") == "Bodø")
    }

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
