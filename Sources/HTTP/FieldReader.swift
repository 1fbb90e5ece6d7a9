import Bytes

/// Reads the field lines of one head and draws the conclusions at its end.
struct FieldReader {
    private let minorVersion: UInt8
    private var framing = FramingFields()
    private var hasHost = false
    private var asksForClose = false
    private var expectsContinue = false

    init(minorVersion: UInt8) { self.minorVersion = minorVersion }

    /// Reads one line without its CRLF: `field-line = field-name ":" OWS field-value OWS` (RFC 9112 §5).
    ///
    /// The value has no control characters but HTAB; the scan has refused all others.
    mutating func read(
        _ bytes: Span<UInt8>, _ line: Range<Int>, into head: inout RequestHead
    ) throws(RequestError) {
        let colon = bytes.firstOffset(of: 0x3A, in: line)
        guard colon < line.upperBound else { return try refuse(bytes, line) }
        let value = bytes.trimmed(colon + 1..<line.upperBound)
        switch FieldName(bytes, line.lowerBound..<colon) {
        case .other: try checkName(bytes, line, colon)
        case .kept(let field):
            guard head.keep(field, value) else {
                // RFC 9110 §8.4: lines of Content-Encoding are one list, of more codings than anybody needs.
                throw RequestError(field == .contentEncoding ? .unknownContentCoding : .repeatedField)
            }
        case .host: try readHost(bytes, value)
        case .connection: readConnection(bytes, value)
        case .contentLength: try framing.addContentLength(bytes, value)
        case .transferEncoding: try framing.addTransferEncoding(bytes, value)
        case .expect: try readExpectation(bytes, value)
        }
    }

    /// A name that is known need not be looked at octet by octet; any other must be a token.
    private func checkName(_ bytes: Span<UInt8>, _ line: Range<Int>, _ colon: Int) throws(RequestError) {
        let length = ByteSet.token.run(bytes, from: line.lowerBound, to: colon)
        if length == 0 || line.lowerBound + length < colon { try refuse(bytes, line) }
    }

    private func refuse(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(RequestError) {
        let name = ByteSet.token.run(bytes, from: line.lowerBound, to: line.upperBound)
        throw RequestError(ruleBroken(bytes, line, line.lowerBound + name))
    }

    /// Names what is wrong with a line that does not begin with a token and a colon.
    ///
    /// RFC 9112 §5.1: no white space between name and colon. §5.2: no continued lines. §2.2: nor white space in front of the
    /// first field.
    private func ruleBroken(_ bytes: Span<UInt8>, _ line: Range<Int>, _ nameEnd: Int) -> RequestRule {
        guard nameEnd < line.upperBound, isWhitespace(bytes[nameEnd]) else { return .malformedField }
        if nameEnd == line.lowerBound { return .lineFolding }
        var offset = nameEnd
        while offset < line.upperBound, isWhitespace(bytes[offset]) { offset += 1 }
        return offset < line.upperBound && bytes[offset] == 0x3A ? .spaceBeforeColon : .malformedField
    }

    /// RFC 9112 §3.2: 400 for more than one Host and for an invalid one, in every version.
    private mutating func readHost(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(RequestError) {
        if hasHost { throw RequestError(.repeatedHost) }
        guard Authority(bytes, value) != nil else { throw RequestError(.malformedHost) }
        hasHost = true
    }

    /// RFC 9110 §7.6.1: options are not case-sensitive, and those that mean nothing here are ignored, as is Upgrade (§7.8).
    private mutating func readConnection(_ bytes: Span<UInt8>, _ value: Range<Int>) {
        var list = ListReader(value)
        while let option = list.next(bytes) {
            if bytes.equalsIgnoringCase(option, "close") { asksForClose = true }
        }
    }

    /// RFC 9110 §10.1.1: an expectation that cannot be met is answered with 417.
    private mutating func readExpectation(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(RequestError) {
        var list = ListReader(value)
        while let expectation = list.next(bytes) {
            guard bytes.equalsIgnoringCase(expectation, "100-continue") else {
                throw RequestError(.unknownExpectation)
            }
            expectsContinue = true
        }
    }

    /// What only the whole head tells.
    func finish(into head: inout RequestHead, _ limits: Limits) throws(RequestError) {
        // RFC 9112 §3.2: 400 for an HTTP/1.1 request without Host.
        guard hasHost || minorVersion == 0 else { throw RequestError(.missingHost) }
        head.framing = try framing.framing(minorVersion: minorVersion, limits)
        // RFC 9112 §9.3. HTTP/1.0 persists only where both sides want it, and this one does not.
        head.keepsAlive = minorVersion == 1 && !asksForClose
        // RFC 9110 §10.1.1: ignored in HTTP/1.0, and pointless where there is no body to wait for.
        head.expectsContinue = expectsContinue && minorVersion == 1 && head.framing != .none
    }
}
