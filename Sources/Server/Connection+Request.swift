import Bytes
import HTTP

/// What the next bytes of a connection are.
enum Progress {
    /// Not a whole request, and nothing new to decide.
    case incomplete

    /// The head is complete, the body is not: the moment to refuse the request unread, before a client is told to go on,
    /// or more of the body is read than a refusal is worth.
    case head(RequestHead)

    /// A whole request; the next one begins at `next`.
    case request(RequestHead, body: Range<Int>, next: Int)

    case refused(RequestError)
}

extension Connection {
    /// Reads on in the request that begins at `start` of `bytes`.
    ///
    /// Bytes are passed again, followed by new ones, until the request is complete; none is looked at twice.
    mutating func advance(
        _ bytes: inout ByteBuffer, from start: Int, _ parser: borrowing RequestParser, _ memo: inout HeadMemo
    ) -> Progress {
        do throws(RequestError) {
            if hasHead {
                head?.start = start
            } else {
                guard let parsed = try parseHead(bytes, from: start, parser, &memo) else { return .incomplete }
                if case .none = parsed.framing {
                    return .request(parsed, body: parsed.bodyStart..<parsed.bodyStart, next: parsed.bodyStart)
                }
                if case .length(let length) = parsed.framing, bytes.count - parsed.bodyStart >= length {
                    let end = parsed.bodyStart + length
                    return .request(parsed, body: parsed.bodyStart..<end, next: end)
                }
                if case .chunked = parsed.framing { chunks = ChunkedDecoder(limits: parser.limits) }
                head = parsed
                isUnderWay = true
            }
            return try advanceBody(&bytes, parser.limits.bodyBytesBeforeRefusal)
        } catch {
            return .refused(error)
        }
    }

    private mutating func parseHead(
        _ bytes: borrowing ByteBuffer, from start: Int, _ parser: borrowing RequestParser, _ memo: inout HeadMemo
    ) throws(RequestError) -> RequestHead? {
        let isNew = !isUnderWay || !scan.hasBegun
        if isNew, let known = memo.head(bytes.span, from: start) {
            if isUnderWay { scan.reset() }
            return known
        }
        isUnderWay = true
        guard let parsed = try parser.parse(bytes.span, from: start, scan: &scan) else { return nil }
        scan.reset()
        if isNew { memo.keep(parsed, of: bytes.span) }
        return parsed
    }

    private mutating func advanceBody(
        _ bytes: inout ByteBuffer, _ bytesBeforeRefusal: Int
    ) throws(RequestError) -> Progress {
        guard let head else { return .incomplete }
        let body = head.bodyStart
        if case .length(let length) = head.framing, bytes.count - body >= length {
            self.head = nil
            return .request(head, body: body..<body + length, next: body + length)
        }
        if let next = try chunks?.decode(&bytes, from: body) {
            let count = chunks?.bodyCount ?? 0
            self.head = nil
            chunks = nil
            return .request(head, body: body..<body + count, next: next)
        }
        if ticket != nil { return .incomplete }
        var expected = chunks?.bodyCount ?? 0
        if case .length(let length) = head.framing { expected = length }
        return head.expectsContinue || expected > bytesBeforeRefusal ? .head(head) : .incomplete
    }

    /// What the request line says of the request that begins at `start` of `bytes` and is refused.
    func lineOfRefused(
        _ bytes: borrowing ByteBuffer, from start: Int, _ parser: borrowing RequestParser
    ) -> RefusedLine {
        guard var head else { return parser.lineOfRefused(bytes.span, from: start, scan: scan) }
        head.start = start
        return RefusedLine(head)
    }

    /// How many bytes to make room for in the next read.
    ///
    /// As much again as has come, so that a large body does not come in many small reads, and a client that only promises
    /// one costs little.
    var wantedBytes: Int { min(max(receivedBodyBytes, 4 << 10), 64 << 10) }

    /// The bytes of the body that have come.
    var receivedBodyBytes: Int {
        if let chunks { return chunks.bodyCount }
        guard let head else { return 0 }
        return input.count - head.count
    }
}
