/// How far the head of one request has been looked at.
///
/// It outlives a read that brought only part of the head, so that no octet is looked at twice and a head that arrives
/// octet by octet costs no more than one that arrives whole. All positions count from the first octet of the message, so
/// the octets may be moved between two calls.
public struct HeadScan: Sendable {
    /// The first octet not yet looked at.
    private(set) var position = 0

    /// Where the request line begins, behind the empty lines that are skipped.
    private(set) var requestLine = 0

    /// Where the present line begins.
    private var line = 0

    /// Complete lines, the request line among them, without empty ones.
    private var lines = 0

    private var blankLines = 0

    public init() {}

    /// Whether anything of a request has come; empty lines in front of one do not count.
    public var hasBegun: Bool { position > requestLine }

    /// Looks at all octets from `start` on that have not been looked at yet.
    ///
    /// Lines end in CRLF. RFC 9112 §2.2 lets a recipient take a bare LF for a line end too; where two recipients on one
    /// path differ in this, a request can be smuggled, so it is refused as soon as it is seen, as are a bare CR (§2.2), NUL
    /// and other controls (RFC 9110 §5.5).
    /// - Returns: the length of the whole head with its empty line; nil where its end has not come yet.
    mutating func findEnd(of bytes: Span<UInt8>, from start: Int, _ limits: Limits) throws(RequestError) -> Int? {
        while true {
            // No octet beyond a limit is looked at: what a request breaks first does not depend on how it was cut.
            let isFirstLine = lines == 0
            let limit = min(requestLine + limits.headBytes, isFirstLine ? line + limits.requestLineBytes + 2 : .max)
            let available = max(min(bytes.count - start, limit), position)
            let found = nextControl(bytes, from: start + position, to: start + available) - start
            position = found
            if found < available { try requireCarriageReturn(bytes[start + found]) }
            guard found + 1 < available else {
                if available == limit { throw RequestError(isFirstLine ? .requestLineTooLong : .headTooLarge) }
                return nil
            }
            guard bytes[start + found + 1] == 0x0A else { throw RequestError(.bareCarriageReturn) }
            let isEmpty = found == line
            line = found + 2
            position = line
            if isEmpty, !isFirstLine { return position }
            try countLine(isEmpty, limits)
        }
    }

    private mutating func countLine(_ isEmpty: Bool, _ limits: Limits) throws(RequestError) {
        guard isEmpty else {
            lines += 1
            if lines > limits.fields + 1 { throw RequestError(.tooManyFields) }
            return
        }
        blankLines += 1
        requestLine = line
        if blankLines > limits.leadingBlankLines { throw RequestError(.tooManyBlankLines) }
    }

    private func requireCarriageReturn(_ control: UInt8) throws(RequestError) {
        if control == 0x0D { return }
        throw RequestError(control == 0x0A ? .bareLineFeed : .controlCharacter)
    }
}
