import HTTP
import Testing

@Suite struct TraceParentTests {
    private func traceID(_ value: String) -> String? {
        let bytes = octets("xyz" + value)
        return TraceParent.traceID(bytes.span, 3..<bytes.count).map { latin1(bytes[$0]) }
    }

    private let trace = "4bf92f3577b34da6a3ce929d0e0e4736"

    @Test func `the trace id is the second part`() {
        #expect(traceID("00-\(trace)-00f067aa0ba902b7-01") == trace)
    }

    @Test func `a later version may say more`() {
        #expect(traceID("cc-\(trace)-00f067aa0ba902b7-01-what-the-future-brings") == trace)
        #expect(traceID("cc-\(trace)-00f067aa0ba902b7-01") == trace)
        #expect(traceID("cc-\(trace)-00f067aa0ba902b7-01.") == nil)
    }

    @Test func `what is no trace parent is none`() {
        let zeros = String(repeating: "0", count: 32)
        let wrong = [
            "", "00", "00-\(trace)-00f067aa0ba902b7", "00-\(trace)-00f067aa0ba902b7-01-more",
            "ff-\(trace)-00f067aa0ba902b7-01", "00-\(zeros)-00f067aa0ba902b7-01", "00-\(trace)-0000000000000000-01",
            "00-\(trace.uppercased())-00f067aa0ba902b7-01", "00-\(trace)-00f067aa0ba902b7-0g",
            "00_\(trace)-00f067aa0ba902b7-01", "00-\(trace)_00f067aa0ba902b7-01", "00-\(trace)-00f067aa0ba902b7_01",
        ]
        for value in wrong { #expect(traceID(value) == nil, "\(value)") }
    }

    @Test func `every prefix is none`() {
        let value = "00-\(trace)-00f067aa0ba902b7-01"
        for count in 0..<value.count { #expect(traceID(String(value.prefix(count))) == nil, "\(count)") }
    }
}
