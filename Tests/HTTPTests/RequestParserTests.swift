import HTTP
import Testing

@Suite struct RequestParserTests {
    @Test func `a plain request`() throws {
        let bytes = octets("POST /predict?record=false HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello")
        guard case .complete(let head) = parseHead(bytes) else {
            Issue.record("refused or incomplete")
            return
        }
        #expect(head.method == .post)
        #expect(latin1(bytes, head.path) == "/predict")
        #expect(latin1(bytes, head.query) == "record=false")
        #expect(head.framing == .length(5))
        #expect(head.bodyStart == bytes.count - 5)
        #expect(head.keepsAlive)
    }
}
