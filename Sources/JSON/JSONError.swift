/// Why a text was refused, and where.
public struct JSONError: Error, Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        /// The text ends inside a value.
        case unexpectedEnd
        /// A byte that the grammar does not allow here.
        case unexpectedByte
        /// A value, but not of the type that was asked for.
        case unexpectedType
        /// Digits that RFC 8259 §6 does not allow: `01`, `1.`, `-`, `1e`.
        case invalidNumber
        /// A number that no finite Double is near.
        case numberOutOfRange
        /// A number where an integer that fits into an `Int` was asked for.
        case notAnInteger
        /// A byte below 0x20 in a string (RFC 8259 §7).
        case controlCharacter
        /// A backslash before anything but `"\/bfnrtu`, or `\u` without four hexadecimal digits.
        case invalidEscape
        /// One half of a surrogate pair: text that no UTF-8 can hold.
        case loneSurrogate
        /// Bytes that Unicode's table 3-7 does not list.
        case invalidUTF8
        /// More than `JSONReader.depthMax` arrays and objects in one another.
        case tooDeep
        /// Something other than white space behind the value.
        case trailingBytes
        /// A key that the object has already.
        case duplicateKey
    }

    public let kind: Kind
    /// The byte at which reading stopped, counted from the start of the bytes that the reader was given.
    public let offset: Int

    public init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }
}

extension JSONError: CustomStringConvertible {
    /// The rule that was broken and the offset: never a part of the text.
    public var description: String { "\(reason) at byte \(offset)" }

    private var reason: String {
        switch kind {
        case .unexpectedEnd: "the JSON text ends too early"
        case .unexpectedByte: "unexpected byte"
        case .unexpectedType: "a value of another type was expected"
        case .invalidNumber: "not a JSON number"
        case .numberOutOfRange: "the number is out of range"
        case .notAnInteger: "an integer was expected"
        case .controlCharacter: "a control character in a string must be escaped"
        case .invalidEscape: "invalid escape in a string"
        case .loneSurrogate: "half of a surrogate pair in a string"
        case .invalidUTF8: "invalid UTF-8 in a string"
        case .tooDeep: "arrays and objects are nested deeper than \(JSONReader.depthMax)"
        case .trailingBytes: "bytes follow the JSON value"
        case .duplicateKey: "duplicate key"
        }
    }
}
