/// How far the head of one request has been looked at.
///
/// It outlives a read that brought only part of the head, so that no octet is looked at twice and a head that arrives
/// octet by octet costs no more than one that arrives whole. All positions count from the first octet of the message, so
/// the octets may be moved between two calls.
public struct HeadScan: Sendable {
    /// The most fields whose ends are kept.
    static let fieldsMax = 64

    /// The first octet not yet looked at.
    private(set) var position = 0

    /// Where the request line begins, behind the empty lines that are skipped.
    private(set) var requestLine = 0

    /// Where the present line begins.
    private var line = 0

    /// Complete lines, the request line among them, without empty ones.
    private(set) var lines = 0

    private var blankLines = 0

    /// A line has ended in LF without CR, so the head will be refused where it ends.
    private var hasBareLineFeed = false

    /// Where each of them ends, at the CR of its CRLF: so that reading them needs no second look for that.
    private var ends = InlineArray<65, UInt16>(repeating: 0)

    public init() {}

    /// Starts anew with another request.
    public mutating func reset() {
        position = 0
        requestLine = 0
        line = 0
        lines = 0
        blankLines = 0
        hasBareLineFeed = false
    }

    /// Where the complete line number `index` ends, the request line being 0.
    func end(ofLine index: Int) -> Int { Int(ends[index]) }

    /// Whether anything of a request has come; empty lines in front of one do not count.
    public var hasBegun: Bool { position > requestLine }

    /// Looks at all octets from `start` on that have not been looked at yet.
    ///
    /// Lines end in CRLF. RFC 9112 §2.2 lets a recipient take a bare LF for a line end too; where two recipients on one
    /// path differ in this, a request can be smuggled, so it is refused: with the empty line, by whichever end, since until
    /// then nobody has sent a request. A bare CR (§2.2), NUL and other controls (RFC 9110 §5.5) are refused as soon as they
    /// are seen.
    /// - Returns: the length of the whole head with its empty line; nil where its end has not come yet.
    @inline(__always)
    mutating func findEnd(
        of bytes: Span<UInt8>, from start: Int, _ limits: borrowing Limits
    ) throws(RequestError) -> Int? {
        while true {
            // No octet beyond a limit is looked at: what a request breaks first does not depend on how it was cut.
            let isFirstLine = lines == 0
            var limit = requestLine + limits.headBytes
            if isFirstLine { limit = min(limit, line + limits.requestLineBytes + 2) }
            let available = max(min(bytes.count - start, limit), position)
            let found = nextControl(bytes, from: start + position, to: start + available) - start
            position = found
            if found < available, bytes[start + found] != 0x0D {
                try take(control: bytes[start + found], limits)
                continue
            }
            guard found + 1 < available else {
                if available == limit { throw fault(isFirstLine ? .requestLineTooLong : .headTooLarge) }
                return nil
            }
            guard bytes[start + found + 1] == 0x0A else { throw fault(.bareCarriageReturn) }
            let isEmpty = found == line
            line = found + 2
            position = line
            if isEmpty, !isFirstLine {
                if hasBareLineFeed { throw RequestError(.bareLineFeed) }
                return position
            }
            if isEmpty { try countBlankLine(limits) } else { try countLine(endingAt: found, limits) }
        }
    }

    private mutating func countLine(endingAt end: Int, _ limits: borrowing Limits) throws(RequestError) {
        if lines > limits.fields { throw fault(.tooManyFields) }
        ends[lines] = UInt16(end)
        lines += 1
    }

    private mutating func countBlankLine(_ limits: borrowing Limits) throws(RequestError) {
        blankLines += 1
        requestLine = line
        if blankLines > limits.leadingBlankLines { throw RequestError(.tooManyBlankLines) }
    }

    /// Takes the control character at `position`, which is no CR.
    private mutating func take(control: UInt8, _ limits: borrowing Limits) throws(RequestError) {
        guard control == 0x0A else { throw fault(.controlCharacter) }
        hasBareLineFeed = true
        if position == line { throw RequestError(.bareLineFeed) }
        try countLine(endingAt: position, limits)
        position += 1
        line = position
    }

    /// What a message broke first, where it breaks `rule` now.
    private func fault(_ rule: RequestRule) -> RequestError { RequestError(hasBareLineFeed ? .bareLineFeed : rule) }
}
