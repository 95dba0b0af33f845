import CalendarModel
import GraphConnector
import Testing

@Suite("Bodies become plain text") struct PlainTextTests {
    @Test(
        arguments: [
            ("", ""), ("plain words", "plain words"), ("<p>One</p><p>Two</p>", "One\nTwo"),
            ("a<br>b<br/>c", "a\nb\nc"), ("<b>bold</b> and <i>more</i>", "bold and more"),
            ("1 &lt; 2 &amp;&amp; 3 &gt; 2 &#8364; &#x20AC; &euro;", "1 < 2 && 3 > 2 € € €"),
            ("&unknown; &", "&unknown; &"), ("a &amp;lt; b", "a &lt; b"),
            ("<html><head><title>T</title><style>p {color: red}</style></head><body>Text</body></html>", "Text"),
            ("<script>alert('<p>')</script>after", "after"), ("<!-- <p>hidden</p> -->shown", "shown"),
            ("  many   \n  blanks  ", "many blanks"), ("<ul><li>One</li><li>Two</li></ul>", "One\nTwo"),
            ("unfinished <tag", "unfinished"), ("a<script>never ends", "a"),
            ("<div>One<div>Two</div></div>Three", "One\nTwo\nThree"),
            ("<td>tel&nbsp;&aring;</td>", "tel å"),
        ])
    func `HTML keeps its words and lines`(_ html: String, _ text: String) {
        #expect(PlainText.fromHTML(html) == text)
    }

    @Test func `Any prefix of a page is survived`() {
        let page =
            "<html><body><p class=\"x\">Hello &amp; <b>you</b>&#233;</p><!-- c --><script>x</script>end</body></html>"
        for length in 0...page.count { _ = PlainText.fromHTML(String(page.prefix(length))) }
        #expect(PlainText.fromHTML(page) == "Hello & youé\nend")
    }

    @Test func `A key that is a GUID is the transaction's id; any other makes one, always the same`() {
        let id = "7E163156-7762-4BEB-A1C6-729EA81755A7"
        #expect(TransactionID.text(for: OperationKey(id)) == id.lowercased())
        let made = TransactionID.text(for: "operation-1")
        #expect(made == TransactionID.text(for: "operation-1"))
        #expect(made != TransactionID.text(for: "operation-2"))
        #expect(made.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
    }
}
