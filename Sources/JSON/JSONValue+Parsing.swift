import Bytes

extension JSONValue {
    /// Reads a whole text, and nothing may follow but white space.
    ///
    /// - Throws: also for an object with a key twice, at the second one.
    public init(parsing bytes: Span<UInt8>) throws(JSONError) {
        var reader = JSONReader(bytes)
        self = try reader.readValue()
        try reader.finish()
    }
}

extension JSONReader {
    /// Reads the next value, whatever it is, into a tree; an object with a key twice is an error.
    public mutating func readValue() throws(JSONError) -> JSONValue {
        switch try peek() {
        case .object: .object(try readMembers())
        case .array: .array(try readElements())
        case .string: .string(text(of: try readString()))
        case .number: .number(try readNumber())
        case .boolean: .boolean(try readBoolean())
        case .null: try readNullValue()
        }
    }

    /// The text that `string` stands for, off the request path.
    ///
    /// - Parameter string: comes from a reader of the same text.
    public func text(of string: JSONString) -> String {
        var buffer = ByteBuffer(capacity: string.range.count)
        decode(string, into: &buffer)
        return buffer.text
    }

    private mutating func readNullValue() throws(JSONError) -> JSONValue {
        try readNull()
        return .null
    }

    private mutating func readElements() throws(JSONError) -> [JSONValue] {
        var elements: [JSONValue] = []
        try beginArray()
        while try nextElement() { elements.append(try readValue()) }
        return elements
    }

    private mutating func readMembers() throws(JSONError) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        var seen: Set<[UInt8]> = []  // bytes, because `String.==` holds some different keys for the same
        try beginObject()
        while let string = try nextKey() {
            let key = text(of: string)
            guard seen.insert(Array(key.utf8)).inserted else {
                throw JSONError(.duplicateKey, at: string.range.lowerBound &- 1)
            }
            members.append(JSONValue.Member(key, try readValue()))
        }
        return members
    }
}
