import Bytes

/// `type "/" subtype` in front of any parameters, as in Content-Type and in each element of Accept (RFC 9110 §8.3.1).
struct MediaRange {
    let type: Range<Int>
    let subtype: Range<Int>

    /// Nil where the two are not tokens with a slash between them and parameters or nothing behind them.
    init?(_ bytes: Span<UInt8>, _ value: Range<Int>) {
        let slash = value.lowerBound + ByteSet.token.run(bytes, from: value.lowerBound, to: value.upperBound)
        guard slash > value.lowerBound, slash < value.upperBound, bytes[slash] == 0x2F else { return nil }
        let end = slash + 1 + ByteSet.token.run(bytes, from: slash + 1, to: value.upperBound)
        guard end > slash + 1, end == value.upperBound || bytes[end] == 0x3B || isWhitespace(bytes[end]) else {
            return nil
        }
        type = value.lowerBound..<slash
        subtype = slash + 1..<end
    }
}

extension MediaType {
    /// Whether the Content-Type in `range` names this type, whatever its parameters.
    public func matches(contentType range: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        guard let named = MediaRange(bytes, range) else { return false }
        return bytes.equalsIgnoringCase(named.type, essence.type)
            && bytes.equalsIgnoringCase(named.subtype, essence.subtype)
    }
}
