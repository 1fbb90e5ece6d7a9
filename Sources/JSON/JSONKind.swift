/// The six types of a JSON value.
public enum JSONKind: Equatable, Sendable {
    case object, array, string, number, boolean, null

    /// The type of the value that `byte` begins; nil where none does.
    @inlinable @inline(__always)
    init?(startingWith byte: UInt8) {
        switch byte {
        case 0x22: self = .string
        case 0x2D, 0x30...0x39: self = .number
        case 0x7B: self = .object
        case 0x5B: self = .array
        case 0x74, 0x66: self = .boolean
        case 0x6E: self = .null
        default: return nil
        }
    }
}
