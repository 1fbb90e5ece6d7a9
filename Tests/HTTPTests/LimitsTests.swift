import HTTP
import Testing

/// Each limit at its last good value and one above it.
@Suite struct LimitsTests {
    private func end(_ text: String, _ limits: Limits = Limits()) -> Conversation.End {
        let stream = octets(text)
        let whole = Transcript(stream, limits: limits).end
        #expect(Transcript(octetByOctet: stream, limits: limits).end == whole)
        return whole
    }

    private let host = "Host: a\r\n"

    @Test func `a request line of 8,000 octets`() {
        let target = "/" + filler(8_000 - "GET / HTTP/1.1".utf8.count)
        #expect(end("GET \(target) HTTP/1.1\r\n\(host)\r\n") == .idle)
        #expect(end("GET \(target)a HTTP/1.1\r\n\(host)\r\n") == .refused(.requestLineTooLong))
        // Nobody has to wait for the end of a line that never comes.
        #expect(end(filler(8_001)) == .incomplete)
        #expect(end(filler(8_002)) == .refused(.requestLineTooLong))
    }

    @Test func `a head of 16 KiB`() {
        let rest = "GET / HTTP/1.1\r\n\(host)A: \r\n\r\n"
        let value = filler(16_384 - rest.utf8.count)
        let head = "GET / HTTP/1.1\r\n\(host)A: \(value)"
        #expect(end("\(head)\r\n\r\n") == .idle)
        #expect(end("\(head)a\r\n\r\n") == .refused(.headTooLarge))
        #expect(end("\r\n\r\n\(head)\r\n\r\n") == .idle)
    }

    @Test func `64 fields`() {
        let fields = String(repeating: "A: b\r\n", count: 63)
        #expect(end("GET / HTTP/1.1\r\n\(host)\(fields)\r\n") == .idle)
        #expect(end("GET / HTTP/1.1\r\n\(host)\(fields)A:\r\n\r\n") == .refused(.tooManyFields))
    }

    @Test func `the limits of a head may be set lower`() {
        var limits = Limits()
        limits.fields = 1
        limits.leadingBlankLines = 0
        limits.headBytes = 40
        limits.requestLineBytes = 14
        #expect(end("GET / HTTP/1.1\r\n\(host)\r\n", limits) == .idle)
        #expect(end("GET /a HTTP/1.1\r\n\(host)\r\n", limits) == .refused(.requestLineTooLong))
        #expect(end("GET / HTTP/1.1\r\n\(host)A:\r\n\r\n", limits) == .refused(.tooManyFields))
        #expect(end("GET / HTTP/1.1\r\nHost:a \(filler(16))\r\n", limits) == .refused(.headTooLarge))
        #expect(end("\r\nGET", limits) == .refused(.tooManyBlankLines))
    }

    @Test func `a body of 1 MiB`() {
        let post = "POST / HTTP/1.1\r\n\(host)"
        #expect(end("\(post)Content-Length: 1048576\r\n\r\n") == .incomplete)
        #expect(end("\(post)Content-Length: 1048577\r\n\r\n") == .refused(.bodyTooLarge))
        #expect(end("\(post)Transfer-Encoding: chunked\r\n\r\n100000\r\n") == .incomplete)
        #expect(end("\(post)Transfer-Encoding: chunked\r\n\r\n100001") == .refused(.bodyTooLarge))
    }

    @Test func `chunks that are too much together`() {
        var limits = Limits()
        limits.bodyBytes = 8
        let post = "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
        #expect(end("\(post)3\r\nabc\r\n0\r\n\r\n", limits) == .idle)
        #expect(end("\(post)4", limits) == .refused(.bodyTooLarge))
    }

    @Test func `chunk extensions of 1 KiB together`() {
        let post = "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n"
        // Semicolon and the CR of the line count with the name.
        #expect(end("\(post)1;\(filler(510))\r\nx\r\n0;\(filler(510))\r\n\r\n") == .idle)
        #expect(end("\(post)1;\(filler(510))\r\nx\r\n0;\(filler(511))\r\n\r\n") == .refused(.chunkExtensionsTooLong))
        #expect(end("\(post)1;a=\"\(filler(1_024))") == .refused(.chunkExtensionsTooLong))
    }

    @Test func `chunk sizes of 16 digits`() {
        let post = "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n"
        let zeros = String(repeating: "0", count: 15)
        #expect(end("\(post)\(zeros)1\r\nx\r\n\(zeros)0\r\n\r\n") == .idle)
        #expect(end("\(post)\(zeros)01") == .refused(.malformedChunkSize))
        #expect(end("\(post)1\r\nx\r\n\(zeros)00") == .refused(.malformedChunkSize))
    }

    @Test func `trailers of 4 KiB together`() {
        let post = "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n0\r\n"
        #expect(end("\(post)a:\(filler(4_090))\r\n\r\n") == .idle)
        #expect(end("\(post)a:\(filler(4_091))\r\n\r\n") == .refused(.trailersTooLong))
    }

    @Test func `the time for a body grows with its size`() {
        #expect(Limits().bodyMilliseconds(for: 0) == 10_000)
        #expect(Limits().bodyMilliseconds(for: 2_048) == 12_000)
    }

    @Test func `an end is put off by what is taken, and never beyond ten seconds from then`() {
        let (limits, second) = (Limits(), 1_000_000_000)
        let first = limits.writeEnd(after: nil, taking: 1 << 20, at: 5 * second)
        #expect(first == 15 * second)
        #expect(limits.writeEnd(after: first, taking: 0, at: 14 * second) == 15 * second)
        #expect(limits.writeEnd(after: first, taking: 1_024, at: 14 * second) == 16 * second)
        // Who has taken megabytes at once has no hours for the rest.
        #expect(limits.writeEnd(after: first, taking: 8 << 20, at: 14 * second) == 24 * second)
        // An octet in nine seconds is no reason to stay.
        var (end, now) = (first, 5 * second)
        while now <= end {
            now += 9 * second
            end = limits.writeEnd(after: end, taking: 1, at: now)
        }
        #expect(now == 23 * second)
    }
}
