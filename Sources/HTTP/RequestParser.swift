public import Bytes

/// Reads the heads of HTTP/1.0 and HTTP/1.1 requests: octets in, offsets out, no allocation.
///
/// Two steps: `HeadScan` finds the empty line as octets arrive and refuses what can never become a head; when the empty line
/// is there, one pass over the lines makes the `RequestHead`.
public struct RequestParser: Sendable {
    public let limits: Limits

    public init(limits: Limits = Limits()) {
        let blankBytes = 2 * limits.leadingBlankLines
        precondition(limits.headBytes + blankBytes <= 65_535, "the offsets of a head have 16 bits, not more")
        precondition(limits.fields <= HeadScan.fieldsMax, "a scan keeps the ends of \(HeadScan.fieldsMax) fields")
        self.limits = limits
    }

    /// Reads the head that begins at `start` of a buffer, as `parse(_:from:scan:)` does.
    ///
    /// For those whose buffer and scan have one owner: a span of the one would keep the other from being changed.
    public func parse(
        _ buffer: borrowing ByteBuffer, from start: Int, scan: inout HeadScan
    ) throws(RequestError) -> RequestHead? {
        try parse(buffer.span, from: start, scan: &scan)
    }

    /// Reads the head that begins at `start`.
    ///
    /// - Parameter scan: a new one for each request; where the answer was nil it is passed again once more octets are there.
    /// - Returns: nil where the head is incomplete.
    /// - Throws: what the message broke first. It does not depend on how the message was cut into reads.
    public func parse(
        _ bytes: Span<UInt8>, from start: Int, scan: inout HeadScan
    ) throws(RequestError) -> RequestHead? {
        guard let count = try scan.findEnd(of: bytes, from: start, limits) else { return nil }
        var head = RequestHead(start: start, count: count)
        var line = start + scan.requestLine
        var lineEnd = start + scan.end(ofLine: 0)
        try readRequestLine(bytes, line..<lineEnd, into: &head)
        var fields = FieldReader(minorVersion: head.minorVersion)
        for field in 1..<scan.lines {
            line = lineEnd + 2
            lineEnd = start + scan.end(ofLine: field)
            try fields.read(bytes, line..<lineEnd, into: &head)
        }
        try fields.finish(into: &head, limits)
        return head
    }
}
