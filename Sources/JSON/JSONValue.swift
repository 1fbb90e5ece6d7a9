/// A whole JSON text as a tree, for code that runs seldom: settings, model files, the command line.
///
/// The members of an object keep their order, and `==` minds it.
public indirect enum JSONValue: Equatable, Sendable {
    case object([Member])
    case array([JSONValue])
    case string(String)
    case number(Double)
    case boolean(Bool)
    case null

    /// A key of an object and its value.
    public struct Member: Equatable, Sendable {
        public var key: String
        public var value: JSONValue

        public init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// The value of `key`; nil where this is no object or has no such key.
    ///
    /// Keys are compared by their bytes: `String.==` holds different Unicode spellings of a letter for the same.
    /// - Complexity: linear in the number of members.
    public subscript(key: String) -> JSONValue? {
        members?.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }

    public var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    public var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    public var string: String? {
        if case .string(let string) = self { string } else { nil }
    }

    public var number: Double? {
        if case .number(let number) = self { number } else { nil }
    }

    /// The number, if it is an integer below 2^53, where a Double still tells one from the next.
    public var integer: Int? {
        guard case .number(let number) = self, number.magnitude <= 0x1p53 else { return nil }
        return Int(exactly: number)
    }

    public var boolean: Bool? {
        if case .boolean(let boolean) = self { boolean } else { nil }
    }
}
