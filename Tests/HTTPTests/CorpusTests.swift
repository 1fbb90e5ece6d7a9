import HTTP
import JSON
import TestSupport
import Testing

/// Request streams of other servers' test suites with their verdicts, where they are at hand.
///
/// They are data of other projects and not kept in this one.
@Suite(.enabled(if: Corpus.isPresent, "there is no \(Corpus.path)"))
struct CorpusTests {
    @Test func `every stream gets its verdict at every cut`() throws {
        let cases = try Corpus.cases()
        #expect(cases.count > 300)
        for sample in cases { check(sample) }
    }

    private func check(_ sample: Corpus.Case) {
        // What follows a refused request must not be answered.
        let sentinel = sample.verdict == "reject" ? octets("GET /after HTTP/1.1\r\nHost: localhost\r\n\r\n") : []
        let stream = sample.stream + sentinel
        let whole = Transcript(stream)
        switch sample.verdict {
        case "accept":
            #expect(whole.requests.map(Corpus.Request.init) == sample.requests, "\(sample.id)")
            #expect(whole.end == (sample.end == "closed" ? .closed : .idle), "\(sample.id)")
        case "reject":
            #expect(whole.requests.count == sample.requests.count, "\(sample.id)")
            guard case .refused = whole.end else {
                Issue.record("\(sample.id) is not refused: \(whole.end)")
                return
            }
        case "incomplete":
            #expect(whole.requests.map(Corpus.Request.init) == sample.requests, "\(sample.id)")
            #expect(whole.end == .incomplete, "\(sample.id)")
        default: break
        }
        expectSame(whole, stream, sample.id)
    }

    /// Whatever the verdict is, it does not depend on the cut.
    private func expectSame(_ whole: Transcript, _ stream: [UInt8], _ id: String) {
        #expect(Transcript(octetByOctet: stream) == whole, "\(id) octet by octet")
        // Long streams are cut less often: a cut costs as much as the stream is long.
        let step = 1 + stream.count / 500
        for cut in stride(from: 1, to: stream.count, by: step) {
            let other = Transcript(stream, cuts: [cut])
            if other != whole {
                Issue.record("\(id) cut at \(cut): \(other), whole: \(whole)")
                return
            }
        }
    }
}
