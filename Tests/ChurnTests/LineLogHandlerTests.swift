import Bytes
import Churn
import Logging
import Testing

/// Log lines hold what came from outside, and are read on terminals and by collectors.
struct LineLogHandlerTests {
    private let hostile = "a\n{\"msg\":\"forged\"}\r\u{1B}[2J\u{9B}31m\u{7F}\u{202E}\u{2028}b"

    private func line(_ form: LineLogHandler.Form, _ message: String, _ metadata: Logger.Metadata) -> String {
        let event = LogEvent(
            level: .error, message: "\(message)", metadata: metadata, source: nil, file: "", function: "", line: 0)
        let line = LineLogHandler(label: "churn", form: form).line(of: event)
        return String(decoding: Array(0..<line.count).map { line[$0] }, as: UTF8.self)
    }

    @Test func `a plain line has no control character but the feed at its end`() {
        let line = line(.plain, hostile, ["customer": "é\(hostile)"])
        let printable = #"a?{"msg":"forged"}??[2J?31m???b"#
        #expect(line.hasSuffix(" error: \(printable) customer=é\(printable)\n"), "\(line.debugDescription)")
        #expect(line.prefix(8).allSatisfy { $0.isNumber || $0 == ":" })
    }

    @Test func `a line of JSON is one line, and numbers stay numbers`() {
        let line = line(.json, hostile, ["port": "8080", "customer": "007"])
        #expect(line.hasSuffix("\n") && line.utf8.count { $0 < 0x20 } == 1, "\(line.debugDescription)")
        #expect(line.contains(#""msg":"a\n{\"msg\":\"forged\"}\r\u001b[2J"#))
        #expect(line.contains(#","customer":"007","port":8080}"#))
    }
}
