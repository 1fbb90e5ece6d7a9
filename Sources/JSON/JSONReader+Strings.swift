public import Bytes

/// Strings: RFC 8259 §7, and no text that UTF-8 cannot hold.
extension JSONReader {
    /// Reads a string and checks its bytes and its escapes.
    ///
    /// It may hold U+0000, written `\u0000`, which PostgreSQL's `text` cannot.
    public mutating func readString() throws(JSONError) -> JSONString {
        guard try nextByte() == 0x22 else { throw mismatch() }
        position &+= 1
        let start = position
        var isEscaped = false
        while true {
            position = endOfPlainText(bytes, from: position)
            guard position < bytes.count else { throw failure(.unexpectedEnd) }
            switch bytes[position] {
            case 0x22:
                position &+= 1
                return JSONString(range: start..<position &- 1, isEscaped: isEscaped)
            case 0x5C:
                isEscaped = true
                try checkEscape()
            case 0x80...:
                guard let length = lengthOfUTF8Sequence(bytes, at: position) else { throw failure(.invalidUTF8) }
                position &+= length
            default: throw failure(.controlCharacter)
            }
        }
    }

    /// Appends the string that `string` stands for, in UTF-8.
    ///
    /// - Parameter string: comes from a reader of the same text.
    public func decode(_ string: JSONString, into buffer: inout ByteBuffer) {
        guard string.isEscaped else { return buffer.append(bytes.extracting(string.range)) }
        var place = string.range.lowerBound
        while place < string.range.upperBound {
            if bytes[place] == 0x5C {
                for byte in encoded(unescape(&place)) { buffer.append(byte: byte) }
            } else {
                buffer.append(byte: bytes[place])
                place &+= 1
            }
        }
    }

    /// Whether `string` stands for exactly these bytes of UTF-8.
    ///
    /// - Parameter string: comes from a reader of the same text.
    public func equals(_ string: JSONString, _ other: Span<UInt8>) -> Bool {
        string.isEscaped ? unescapes(string, to: other) : bytes.equals(string.range, other)
    }

    /// Whether `string` stands for exactly these bytes of UTF-8.
    public func equals(_ string: JSONString, _ other: [UInt8]) -> Bool { equals(string, other.span) }

    /// Whether `string` stands for this text.
    @inlinable @inline(__always)
    public func equals(_ string: JSONString, _ text: StaticString) -> Bool {
        string.isEscaped ? unescapes(string, to: text) : bytes.equals(string.range, text)
    }

    // MARK: Escapes

    @usableFromInline
    func unescapes(_ string: JSONString, to text: StaticString) -> Bool {
        unsafe unescapes(string, to: Span(_unsafeStart: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private func unescapes(_ string: JSONString, to other: Span<UInt8>) -> Bool {
        var place = string.range.lowerBound
        var index = 0
        while place < string.range.upperBound {
            if bytes[place] == 0x5C {
                for byte in encoded(unescape(&place)) {
                    guard index < other.count, other[index] == byte else { return false }
                    index &+= 1
                }
            } else {
                guard index < other.count, other[index] == bytes[place] else { return false }
                index &+= 1
                place &+= 1
            }
        }
        return index == other.count
    }

    /// Moves over the escape whose backslash is at `position`.
    private mutating func checkEscape() throws(JSONError) {
        guard position &+ 1 < bytes.count else { throw endOfText() }
        switch bytes[position &+ 1] {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: position &+= 2
        case 0x75: try checkUnicodeEscape()
        default: throw failure(.invalidEscape)
        }
    }

    private mutating func checkUnicodeEscape() throws(JSONError) {
        let unit = try hexadecimalUnit(at: position &+ 2)
        guard unit & 0xF800 == 0xD800 else { return position &+= 6 }
        guard unit < 0xDC00 else { throw failure(.loneSurrogate) }
        guard position &+ 6 < bytes.count else { throw endOfText() }
        guard bytes[position &+ 6] == 0x5C else { throw failure(.loneSurrogate) }
        guard position &+ 7 < bytes.count else { throw endOfText() }
        guard bytes[position &+ 7] == 0x75 else { throw failure(.loneSurrogate) }
        guard try hexadecimalUnit(at: position &+ 8) & 0xFC00 == 0xDC00 else { throw failure(.loneSurrogate) }
        position &+= 12
    }

    /// The value of the four hexadecimal digits at `start`.
    private func hexadecimalUnit(at start: Int) throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for place in start..<start &+ 4 {
            guard place < bytes.count else { throw endOfText() }
            guard let digit = hexadecimalValue(bytes[place]) else { throw failure(.invalidEscape) }
            unit = unit &<< 4 | UInt32(digit)
        }
        return unit
    }

    private func endOfText() -> JSONError { JSONError(.unexpectedEnd, at: bytes.count) }

    /// The scalar that the escape at `place` stands for, and `place` behind it.
    private func unescape(_ place: inout Int) -> Unicode.Scalar {
        let letter = bytes[place &+ 1]
        place &+= 2
        switch letter {
        case 0x62: return "\u{8}"
        case 0x66: return "\u{C}"
        case 0x6E: return "\n"
        case 0x72: return "\r"
        case 0x74: return "\t"
        case 0x75: break
        default: return Unicode.Scalar(letter)
        }
        var value = checkedUnit(at: place)
        place &+= 4
        if value & 0xF800 == 0xD800 {
            value = 0x10000 &+ (value & 0x3FF) &<< 10 &+ checkedUnit(at: place &+ 2) & 0x3FF
            place &+= 6
        }
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }

    /// The value of four digits that `readString` has seen.
    private func checkedUnit(at start: Int) -> UInt32 {
        var unit: UInt32 = 0
        for place in start..<start &+ 4 { unit = unit &<< 4 | UInt32(hexadecimalValue(bytes[place]) ?? 0) }
        return unit
    }
}

/// The UTF-8 form of a scalar, which always has one.
@inline(__always)
private func encoded(_ scalar: Unicode.Scalar) -> Unicode.UTF8.EncodedScalar {
    UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
}
