import Bytes

/// `request-line = method SP request-target SP HTTP-version` (RFC 9112 §3).
extension RequestParser {
    /// Reads the request line without its CRLF.
    ///
    /// RFC 9112 §3 lets a recipient split the three parts on any white space; here they are one space apart, for the reason
    /// that §11.2 gives.
    func readRequestLine(
        _ bytes: Span<UInt8>, _ line: Range<Int>, into head: inout RequestHead
    ) throws(RequestError) {
        let methodEnd = line.lowerBound + ByteSet.token.run(bytes, from: line.lowerBound, to: line.upperBound)
        guard methodEnd > line.lowerBound, methodEnd < line.upperBound, bytes[methodEnd] == 0x20 else {
            throw RequestError(.malformedMethod)
        }
        let method = line.lowerBound..<methodEnd
        let target = try readTarget(bytes, methodEnd + 1..<line.upperBound, into: &head)
        guard target.upperBound < line.upperBound, bytes[target.upperBound] == 0x20 else {
            throw RequestError(.malformedRequestLine)
        }
        head.minorVersion = try minorVersion(bytes, target.upperBound + 1..<line.upperBound)
        // RFC 9110 §9.1: 501 for a method that is not implemented, before its target is asked for its form: CONNECT has one
        // of its own (RFC 9112 §3.2.3).
        guard let known = Method(bytes, method) else { throw RequestError(.unknownMethod) }
        head.method = known
        try checkForm(bytes, target, into: &head)
    }

    /// Reads the characters of the target, which ends where one stands that no URI has (RFC 3986 §2; RFC 9112 §3.2 has no
    /// fragment), and divides it at the first `?`.
    private func readTarget(
        _ bytes: Span<UInt8>, _ rest: Range<Int>, into head: inout RequestHead
    ) throws(RequestError) -> Range<Int> {
        var offset = rest.lowerBound
        var query: Int?
        while true {
            offset &+= ByteSet.plainTarget.run(bytes, from: offset, to: rest.upperBound)
            guard offset < rest.upperBound else { break }
            if bytes[offset] == 0x3F {
                if query == nil { query = offset }
            } else if bytes[offset] == 0x25 {
                guard isEscape(bytes, at: offset, to: rest.upperBound) else { throw RequestError(.malformedTarget) }
            } else {
                break
            }
            offset &+= 1
        }
        guard offset > rest.lowerBound, offset == rest.upperBound || bytes[offset] == 0x20 else {
            throw RequestError(.malformedTarget)
        }
        head.targetPlace = head.place(rest.lowerBound..<offset)
        head.pathPlace = head.place(rest.lowerBound..<(query ?? offset))
        if let query { head.queryPlace = head.place(query + 1..<offset) }
        return rest.lowerBound..<offset
    }

    /// `HTTP-version = "HTTP/" DIGIT "." DIGIT` (RFC 9112 §2.3); the name is case-sensitive.
    ///
    /// HTTP/1.2 does not exist. RFC 9110 §2.5 would have it processed as HTTP/1.1; nobody who asks for it can mean that.
    private func minorVersion(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(RequestError) -> UInt8 {
        let start = range.lowerBound
        guard range.count == 8, bytes.equals(start..<start + 5, "HTTP/"), isDigit(bytes[start + 5]),
            bytes[start + 6] == 0x2E, isDigit(bytes[start + 7])
        else { throw RequestError(.malformedVersion) }
        guard bytes[start + 5] == 0x31, bytes[start + 7] <= 0x31 else { throw RequestError(.unsupportedVersion) }
        return bytes[start + 7] & 0x0F
    }

    /// Tells origin-form, absolute-form and asterisk-form apart (RFC 9112 §3.2).
    private func checkForm(
        _ bytes: Span<UInt8>, _ target: Range<Int>, into head: inout RequestHead
    ) throws(RequestError) {
        if bytes[target.lowerBound] == 0x2F { return }
        if target.count == 1, bytes[target.lowerBound] == 0x2A {
            // §3.2.4: only for a server-wide OPTIONS.
            guard head.method == .options else { throw RequestError(.malformedTarget) }
            return
        }
        guard let authority = startOfAuthority(bytes, target) else { throw RequestError(.malformedTarget) }
        var end = authority
        while end < target.upperBound, bytes[end] != 0x2F, bytes[end] != 0x3F { end += 1 }
        guard let named = Authority(bytes, authority..<end), named.hasHost else {
            throw RequestError(.malformedAuthority)
        }
        let path = head.path
        // RFC 3986 §6.2.3: an empty path means "/". One stands at hand, the last octet of "://".
        head.pathPlace = head.place(end < path.upperBound ? end..<path.upperBound : authority - 1..<authority)
    }

    /// RFC 9112 §3.2.2: a server accepts the absolute form of its own schemes; schemes are not case-sensitive
    /// (RFC 9110 §4.2.3).
    private func startOfAuthority(_ bytes: Span<UInt8>, _ target: Range<Int>) -> Int? {
        let start = target.lowerBound
        if target.count >= 7, bytes.equalsIgnoringCase(start..<start + 7, "http://") { return start + 7 }
        if target.count >= 8, bytes.equalsIgnoringCase(start..<start + 8, "https://") { return start + 8 }
        return nil
    }
}
