import Testing

/// The judge of the contract, judged.
struct OpenAPISchemaTests {
    @Test(arguments: [
        (#"{"type":"integer"}"#, "1", "1.5"), (#"{"type":["string","null"]}"#, "null", "1"),
        (#"{"const":"a"}"#, #""a""#, #""b""#), (#"{"enum":[1,2]}"#, "2", "3"),
        (#"{"required":["a"]}"#, #"{"a":1}"#, "{}"), (#"{"properties":{"a":{"type":"null"}}}"#, "{}", #"{"a":1}"#),
        (#"{"properties":{"a":true},"additionalProperties":false}"#, #"{"a":1}"#, #"{"b":1}"#),
        (#"{"additionalProperties":{"type":"number"}}"#, #"{"b":1}"#, #"{"b":""}"#),
        (#"{"items":{"type":"number"}}"#, "[1,2]", #"[1,"2"]"#), (#"{"minItems":1}"#, "[1]", "[]"),
        (#"{"maxItems":1}"#, "[1]", "[1,2]"), (#"{"minLength":1}"#, #""a""#, #""""#),
        (#"{"maxLength":1}"#, #""ы""#, #""ab""#), (#"{"pattern":"^a$"}"#, #""a""#, #""ba""#),
        (#"{"format":"date"}"#, #""2026-11-22""#, #""2026""#), (#"{"minimum":1}"#, "1", "0"),
        (#"{"maximum":1}"#, "1", "2"), (#"{"oneOf":[{"type":"number"},{"minimum":5}]}"#, "1", "7"),
        (#"{"anyOf":[{"type":"null"},{"const":1}]}"#, "1", "2"), (#"{"allOf":[true,{"const":1}]}"#, "1", "2"),
        (##"{"$ref":"#/a~1b","description":"with a neighbour","maximum":9}"##, "3", "4"),
        (##"{"$ref":"#/a~1b","maximum":2}"##, "1", "3"), (#"{"type":"number"}"#, "1", "true"),
    ])
    func `conforming is told from not conforming`(schema: String, good: String, bad: String) throws {
        let judge = OpenAPISchema(root: try document(#"{"a/b":{"enum":[1,3]}}"#))
        #expect(judge.faults(of: try document(good), against: try document(schema)) == [])
        #expect(judge.faults(of: try document(bad), against: try document(schema)) != [])
    }

    @Test func `a keyword or a format that is not understood is no agreement`() throws {
        let judge = OpenAPISchema(root: .null)
        #expect(judge.faults(of: .null, against: try document(#"{"uniqueItems":true}"#)) != [])
        #expect(judge.faults(of: .string(""), against: try document(#"{"format":"email"}"#)) != [])
    }

    private func document(_ text: String) throws -> Document { try Document(Array(text.utf8)) }
}
