import HTTP

extension Subject {
    /// However a request is cut into reads, its head is read alike.
    static let requestHead = Subject(
        "request-head",
        seeds:
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\nPOST /predict?record=false HTTP/1.1\r\nHost: [::1]:8080\r\nContent-Length: 17\r\nExpect: 100-continue\r\n\r\n",
        "POST http://a:1/x HTTP/1.1\r\nHost:\ta\r\nTransfer-Encoding: chunked\r\nConnection: close, keep-alive\r\n\r\n",
        "OPTIONS * HTTP/1.0\r\nConnection: keep-alive\r\nAccept: text/csv;q=0.5, */*\r\n\r\nrest",
        "GET /%41?b=%zz HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip;q=0\r\nX-Request-Id: \u{e9}\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n"
    ) { bytes in
        let whole = outcome(bytes, cuts: [])
        for size in [1, 7] {
            let pieces = outcome(bytes, cuts: Array(stride(from: size, to: bytes.count, by: size)))
            precondition(whole == pieces, "read whole: \(whole), in pieces of \(size): \(pieces)")
        }
    }
}

private enum Outcome: Equatable {
    case incomplete
    case head(count: Int, path: Range<Int>, framing: BodyFraming, keepsAlive: Bool)
    case refused(RequestError)
}

/// What comes of a request that arrives in pieces which end at `cuts`.
private func outcome(_ bytes: [UInt8], cuts: [Int]) -> Outcome {
    let parser = RequestParser()
    var scan = HeadScan()
    for end in cuts + [bytes.count] {
        do {
            guard let head = try parser.parse(bytes.span.extracting(..<end), from: 0, scan: &scan) else { continue }
            precondition(head.count <= end && head.path.upperBound <= head.count, "a head beyond what was read")
            return .head(count: head.count, path: head.path, framing: head.framing, keepsAlive: head.keepsAlive)
        } catch {
            return .refused(error)
        }
    }
    return .incomplete
}
