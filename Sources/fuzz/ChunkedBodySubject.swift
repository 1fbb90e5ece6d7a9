import Bytes
import HTTP

extension Subject {
    /// However a chunked body is cut into reads, it is decoded alike.
    static let chunkedBody = Subject(
        "chunked-body",
        seeds:
            "5\r\nhello\r\n0\r\n\r\n", "1;a=b;c=\"d\\\"\"\r\nx\r\n0a \r\n0123456789\r\n00\r\nT: v\r\n\r\nGET",
        "0\r\n\r\n",
        "fffffffffffffffff\r\n", "5\r\nhelloo\r\n", "3\r\nabc\n0\r\n\r\n"
    ) { bytes in
        let whole = outcome(bytes, size: max(1, bytes.count))
        for size in [1, 5] {
            let pieces = outcome(bytes, size: size)
            precondition(whole == pieces, "read whole: \(whole), in pieces of \(size): \(pieces)")
        }
    }
}

private enum Outcome: Equatable {
    case incomplete([UInt8])
    /// The body, and how many bytes of the input stand behind it.
    case body([UInt8], rest: Int)
    case refused(RequestError)
}

private func outcome(_ bytes: [UInt8], size: Int) -> Outcome {
    var decoder = ChunkedDecoder(limits: Limits())
    var buffer = ByteBuffer()
    for start in stride(from: 0, to: bytes.count, by: size) {
        let end = min(start + size, bytes.count)
        buffer.append(bytes.span.extracting(start..<end))
        do {
            if let next = try decoder.decode(&buffer, from: 0) {
                return .body(octets(buffer, decoder.bodyCount), rest: buffer.count - next + bytes.count - end)
            }
        } catch {
            return .refused(error)
        }
    }
    return .incomplete(octets(buffer, decoder.bodyCount))
}

private func octets(_ buffer: borrowing ByteBuffer, _ count: Int) -> [UInt8] {
    var octets: [UInt8] = []
    for offset in 0..<count { octets.append(buffer[offset]) }
    return octets
}
