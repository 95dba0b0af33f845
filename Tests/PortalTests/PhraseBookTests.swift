import GraphConnector
import SyncEngine
import SyncService
import Testing

@testable import Portal

@Suite("Sentences that are kept in English, in other words")
struct PhraseBookTests {
    private let book = PhraseBook.embedded

    @Test("Every diagnosis of the catalogue stands in every language")
    func catalogue() {
        var missing: Set<String> = []
        func look(_ sentence: String) {
            if book.phrase(sentence, in: .norwegian).foreign != nil { missing.insert(sentence) }
        }
        for row in SignInFault.catalogue {
            look(row.summary)
            look(row.remedy)
        }
        for row in GraphFaultRow.catalogue {
            look(row.summary)
            look(row.consequence)
            look(row.remedy)
        }
        #expect(missing.sorted() == [])
    }

    @Test("Names and numbers in a sentence are kept, and so is what it is about")
    func gaps() {
        let phrase = book.phrase("graph.microsoft.com cannot be reached.", in: .norwegian)
        #expect(phrase == PhraseBook.Phrase(text: "graph.microsoft.com kan ikke nås."))
        let about = book.phrase("oslo@acme.example: There is no such mailbox in the tenant.", in: .norwegian)
        #expect(about.text == "oslo@acme.example: Det finnes ingen slik postkasse i leieren.")
        #expect(
            book.phrase("The connection to graph.microsoft.com ended before the answer came.", in: .norwegian).text
                == "Forbindelsen til graph.microsoft.com ble brutt før svaret kom.")
    }

    @Test("What nobody translated stays English, and says so")
    func unknown() {
        let sentence = "Something that nobody foresaw happened."
        #expect(book.phrase(sentence, in: .norwegian) == PhraseBook.Phrase(text: sentence, foreign: .english))
        #expect(book.phrase(sentence, in: .english) == PhraseBook.Phrase(text: sentence))
    }

    @Test(
        "A pattern is found only where all of it stands",
        arguments: [
            ("a {{x}} b", "a 1 b", ["x": "1"]), ("a {{x}} b", "a b", nil),
            ("{{x}} and {{y}}", "1 and 2", ["x": "1", "y": "2"]),
            ("{{x}}: {{y}}.", "a: b: c.", ["x": "a", "y": "b: c"]), ("ab{{x}}ba", "aba", nil), ("{{x}}", "", nil),
        ] as [(String, String, [String: String]?)])
    func patterns(pattern: String, text: String, values: [String: String]?) {
        #expect(PhrasePattern(pattern).values(in: text) == values)
    }

    @Test("Messages call checks, steps and sentences as the pages do")
    func messages() {
        let phrases = DoctorPhrases.portal
        #expect(phrases.check("room.writable", "en") == "The room can be written")
        #expect(phrases.check("room.writable", "nb") == "Rommet kan skrives")
        #expect(phrases.check("somebody.elses", "nb") == "somebody.elses")
        #expect(phrases.step(.createMirrorRoom, "nb") == "Opprett et speilrom for rommet")
        #expect(phrases.sentence("graph.microsoft.com cannot be reached.", "nb") == "graph.microsoft.com kan ikke nås.")
    }
}
