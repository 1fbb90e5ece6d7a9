public import Bytes

/// Reads one JSON text (RFC 8259) from front to back, a value at a time, without making anything of it.
///
/// The caller asks for what it expects and gets numbers, booleans and the places of strings. Nothing is allocated but
/// for numbers of a thousand digits. Everything is checked while it is read, also what is skipped; only `finish` knows
/// that nothing follows. After an error the reader is of no further use.
///
/// Keys of an object may repeat: the caller, who knows its keys, has to notice.
public struct JSONReader: ~Escapable {
    /// How many arrays and objects may be open at once.
    public static var depthMax: Int { 64 }

    @usableFromInline let bytes: Span<UInt8>
    /// How many arrays and objects are open.
    @usableFromInline var depth = 0
    /// The innermost array or object has just been opened: no comma is due.
    @usableFromInline var isFirst = false

    /// The next byte to read; once `peek` has answered, the first byte of the value.
    public var offset: Int { position }

    @usableFromInline var position: Int

    /// - Parameters:
    ///   - start: the offset of the first byte of the text.
    ///   - end: the offset behind its last byte; without it the text reaches to the end of `bytes`.
    @_lifetime(copy bytes)
    public init(_ bytes: Span<UInt8>, from start: Int = 0, to end: Int? = nil) {
        let end = end ?? bytes.count
        precondition(start >= 0 && start <= end, "a text from \(start) to \(end)")
        self.bytes = bytes.extracting(0..<end)
        position = start
    }

    /// The type of the next value, which stays unread.
    ///
    /// The first byte decides, so reading the value may still fail.
    @inlinable @inline(__always)
    public mutating func peek() throws(JSONError) -> JSONKind {
        let byte = try nextByte()
        guard let kind = JSONKind(startingWith: byte) else { throw failure(.unexpectedByte) }
        return kind
    }

    /// Reads `{`.
    @inlinable
    public mutating func beginObject() throws(JSONError) { try begin(0x7B) }

    /// Reads `[`.
    @inlinable
    public mutating func beginArray() throws(JSONError) { try begin(0x5B) }

    /// Reads the next key of the innermost object, and the colon.
    ///
    /// - Returns: the key, and the reader stands before its value; nil when `}` was read instead.
    public mutating func nextKey() throws(JSONError) -> JSONString? {
        guard try nextMember() else { return nil }
        return try readKey()
    }

    /// Moves to the next member of the innermost object.
    ///
    /// - Returns: whether there is one, and the reader stands before its key; false when `}` was read instead.
    @inlinable @inline(__always)
    public mutating func nextMember() throws(JSONError) -> Bool { try next(orClosing: 0x7D) }

    /// Reads the key before which the reader stands, and the colon.
    public mutating func readKey() throws(JSONError) -> JSONString {
        guard try nextByte() == 0x22 else { throw failure(.unexpectedByte) }
        let key = try readString()
        guard try nextByte() == 0x3A else { throw failure(.unexpectedByte) }
        position &+= 1
        return key
    }

    /// Reads the key before which the reader stands, and the colon, if they are written exactly as `range` of `spelling`.
    ///
    /// For a key that is expected here: comparing it whole costs a fraction of reading and looking it up.
    ///
    /// - Parameter spelling: a JSON string and a colon.
    /// - Returns: false where anything else stands here, which may be another spelling of the same key.
    @inlinable @inline(__always)
    public mutating func takeKey(spelled spelling: borrowing ByteBuffer, _ range: Range<Int>) -> Bool {
        skipWhiteSpace()
        let end = position &+ range.count
        guard end <= bytes.count, bytes.equals(position..<end, spelling.span.extracting(range)) else { return false }
        position = end
        return true
    }

    /// Reads the key before which the reader stands, and the colon, if they are written exactly as `spelling`.
    ///
    /// - Returns: false where anything else stands here, which may be another spelling of the same key.
    @inlinable @inline(__always)
    public mutating func takeKey(spelled spelling: StaticString) -> Bool {
        skipWhiteSpace()
        let end = position &+ spelling.utf8CodeUnitCount
        guard end <= bytes.count, bytes.equals(position..<end, spelling) else { return false }
        position = end
        return true
    }

    /// Moves to the next element of the innermost array.
    ///
    /// - Returns: whether there is one, and the reader stands before it; false when `]` was read instead.
    @inlinable
    public mutating func nextElement() throws(JSONError) -> Bool { try next(orClosing: 0x5D) }

    /// Reads `true` or `false`.
    public mutating func readBoolean() throws(JSONError) -> Bool {
        switch try nextByte() {
        case 0x74:
            try readLiteral("true")
            return true
        case 0x66:
            try readLiteral("false")
            return false
        default: throw mismatch()
        }
    }

    /// Reads `null`.
    public mutating func readNull() throws(JSONError) {
        guard try nextByte() == 0x6E else { throw mismatch() }
        try readLiteral("null")
    }

    /// Reads the next value, whatever it is, and checks it as strictly as if it were wanted.
    public mutating func skipValue() throws(JSONError) {
        let floor = depth
        var isObject: UInt64 = 0  // a bit for each level, the innermost lowest; `depthMax` is 64
        repeat {
            switch try peek() {
            case .object:
                try beginObject()
                isObject = isObject &<< 1 | 1
            case .array:
                try beginArray()
                isObject = isObject &<< 1
            case .string: _ = try readString()
            case .number: _ = try readNumber()
            case .boolean: _ = try readBoolean()
            case .null: try readNull()
            }
            while depth > floor {
                if isObject & 1 == 1 {
                    if try nextKey() != nil { break }
                } else {
                    if try nextElement() { break }
                }
                isObject = isObject &>> 1
            }
        } while depth > floor
    }

    /// Makes sure that only white space is left.
    public mutating func finish() throws(JSONError) {
        precondition(depth == 0, "\(depth) arrays or objects are still open")
        skipWhiteSpace()
        guard position == bytes.count else { throw failure(.trailingBytes) }
    }

    // MARK: Structure

    @inlinable @inline(__always)
    mutating func skipWhiteSpace() {
        while position < bytes.count {
            let byte = bytes[position]
            if byte > 0x20 { return }
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position &+= 1
        }
    }

    /// The next byte that is not white space; it stays unread.
    @inlinable @inline(__always)
    mutating func nextByte() throws(JSONError) -> UInt8 {
        skipWhiteSpace()
        guard position < bytes.count else { throw failure(.unexpectedEnd) }
        return bytes[position]
    }

    @inlinable
    mutating func begin(_ opening: UInt8) throws(JSONError) {
        guard try nextByte() == opening else { throw mismatch() }
        guard depth < Self.depthMax else { throw failure(.tooDeep) }
        depth &+= 1
        position &+= 1
        isFirst = true
    }

    @inlinable @inline(__always)
    mutating func next(orClosing closing: UInt8) throws(JSONError) -> Bool {
        precondition(depth > 0, "no array or object is open")
        let byte = try nextByte()
        if byte == closing {
            depth &-= 1
            position &+= 1
            isFirst = false
            return false
        }
        if isFirst {
            isFirst = false
            return true
        }
        guard byte == 0x2C else { throw failure(.unexpectedByte) }
        position &+= 1
        return true
    }

    private mutating func readLiteral(_ word: StaticString) throws(JSONError) {
        for place in 0..<word.utf8CodeUnitCount {
            guard position < bytes.count else { throw failure(.unexpectedEnd) }
            guard unsafe bytes[position] == word.utf8Start[place] else { throw failure(.unexpectedByte) }
            position &+= 1
        }
    }

    // MARK: Errors

    @usableFromInline
    func failure(_ kind: JSONError.Kind) -> JSONError { JSONError(kind, at: position) }

    /// The error for the byte at `position`, which begins no value of the type that was asked for.
    @usableFromInline
    func mismatch() -> JSONError {
        failure(JSONKind(startingWith: bytes[position]) == nil ? .unexpectedByte : .unexpectedType)
    }
}
