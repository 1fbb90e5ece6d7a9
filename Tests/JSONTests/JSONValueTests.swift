import Bytes
import JSON
import Testing

private func written(_ value: JSONValue, pretty: Bool = false) -> String {
    var buffer = ByteBuffer()
    value.write(into: &buffer, pretty: pretty)
    return buffer.text
}

@Suite struct JSONValueTests {
    /// Made anew each time: what a constant points to LeakSanitizer takes for lost, as an enum keeps its case in spare bits of pointers.
    private static var tree: JSONValue {
        ["name": "Zoë \"Z\"", "scores": [1, 2.5, -3, 1e300, []], "nested": ["empty": [:], "none": nil, "yes": true]]
    }

    @Test func `a tree is written on one line`() {
        #expect(
            written(Self.tree)
                == #"{"name":"Zoë \"Z\"","scores":[1,2.5,-3,1e+300,[]],"nested":{"empty":{},"none":null,"yes":true}}"#)
    }

    @Test func `a tree is written for people`() {
        let expected = #"""
            {
              "name": "Zoë \"Z\"",
              "scores": [
                1,
                2.5,
                -3,
                1e+300,
                []
              ],
              "nested": {
                "empty": {},
                "none": null,
                "yes": true
              }
            }
            """#
        #expect(written(Self.tree, pretty: true) == expected)
    }

    @Test func `what is written reads back the same`() throws {
        for pretty in [false, true] {
            let text = Array(written(Self.tree, pretty: pretty).utf8)
            #expect(try JSONValue(parsing: text.span) == Self.tree)
        }
    }

    @Test func `members are found by key and type`() {
        #expect(Self.tree["nested"]?["yes"]?.boolean == true)
        #expect(Self.tree["scores"]?.elements?.count == 5)
        #expect(Self.tree["scores"]?.elements?[0].integer == 1)
        #expect(Self.tree["scores"]?.elements?[1].integer == nil)
        #expect(Self.tree["scores"]?.elements?[1].number == 2.5)
        #expect(Self.tree["scores"]?.elements?[3].integer == nil)
        #expect(Self.tree["name"]?.string == "Zoë \"Z\"")
        #expect(Self.tree["name"]?.number == nil)
        #expect(Self.tree["absent"] == nil)
        #expect(Self.tree["name"]?["name"] == nil)
        #expect(Self.tree.members?.map(\.key) == ["name", "scores", "nested"])
    }

    @Test func `a key that comes twice is refused, also when it is spelt differently`() {
        #expect(failure(#"{"a":1,"b":2,"a":3}"#) == JSONError(.duplicateKey, at: 13))
        #expect(failure(#"[{"a":1,"\u0061":3}]"#) == JSONError(.duplicateKey, at: 8))
        #expect(failure(#"{"a":{"a":1},"b":{"a":1}}"#) == nil)
    }

    @Test func `keys that only look alike are different`() throws {
        let text = Array("{\"\u{E9}\":1,\"e\u{301}\":2}".utf8)  // one letter, and a letter with an accent
        let value = try JSONValue(parsing: text.span)
        #expect(value["\u{E9}"] == 1)
        #expect(value["e\u{301}"] == 2)
    }
}
