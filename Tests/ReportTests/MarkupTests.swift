import Report
import Testing

struct MarkupTests {
    @Test func `text and attribute values are escaped, whatever they hold`() {
        let markup = Tag.p("<script>alert('x')</script> & \"more\"", Attribute("title", "\"><img src=x onerror='y'>"))
        #expect(
            markup.text == """
                <p title="&quot;&gt;&lt;img src=x onerror=&#39;y&#39;&gt;">&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; \
                &quot;more&quot;</p>

                """)
    }

    @Test func `values inside a sentence are escaped and elements are not`() {
        let name = "a<b"
        let markup: Markup = "Of \(name), \(Tag.strong("2 & 3")) left."
        #expect(markup.text == "Of a&lt;b, <strong>2 &amp; 3</strong> left.")
    }

    @Test func `control characters, which XML has no place for, are replaced`() {
        #expect(Markup("a\u{0}b\u{1B}c\td\n\u{7F}").text == "a\u{FFFD}b\u{FFFD}c\td\n\u{FFFD}")
    }

    @Test func `conditions and loops make content in order`() {
        let markup = Tag.ul {
            for number in 1...2 { Tag.li("\("\(number)")") }
            if markupIsEmpty { Tag.li("never") } else { Tag.li("last") }
        }
        #expect(markup.text == "<ul><li>1</li>\n<li>2</li>\n<li>last</li>\n</ul>\n")
    }

    private var markupIsEmpty: Bool { Markup.nothing.text != "" }

    @Test func `a void element has no end tag`() {
        #expect(Tag.meta(Attribute("charset", "utf-8")).text == #"<meta charset="utf-8">"#)
    }

    @Test func `a table has a caption, headed columns and headed rows`() {
        var table = TableMarkup("Parts", .words("Part"), .number("Rows"))
        table.add("a<b", "1,000")
        table.add("all", "2,000", isMarked: true)
        #expect(
            table.markup.text == """
                <div class="scroll" tabindex="0" role="group" aria-label="Parts"><table><caption>Parts</caption>
                <thead><tr><th scope="col">Part</th><th scope="col" class="number">Rows</th></tr>
                </thead>
                <tbody><tr><th scope="row">a&lt;b</th><td class="number">1,000</td></tr>
                <tr class="marked"><th scope="row">all</th><td class="number">2,000</td></tr>
                </tbody></table>
                </div>

                """)
    }
}
