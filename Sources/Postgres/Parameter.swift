import Bytes

/// The value of a `$n` in a statement of a command; workers use `BinaryParameters`.
///
/// All but bytes go as text, whose type PostgreSQL infers from the statement.
package enum Parameter: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByNilLiteral
{
    case null
    /// Text, JSON, or any other value in its text form.
    case text(String)
    case integer(Int)
    case double(Double)
    case boolean(Bool)
    case uuid(UInt128)
    /// A bytea.
    case bytes([UInt8])
    /// A timestamptz, in microseconds since 1970.
    case timestamp(Int)
    /// A date, in days since 1970.
    case date(Int)

    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(nilLiteral: ()) { self = .null }

    /// Text that may be NULL.
    package init(_ text: String?) { self = text.map { .text($0) } ?? .null }

    /// A number that may be NULL.
    package init(_ integer: Int?) { self = integer.map { .integer($0) } ?? .null }

    /// Appends what goes to the server, without the NUL that ends a text.
    func append(to buffer: inout ByteBuffer) {
        switch self {
        case .null: break
        case .text(let text): buffer.append(text: text)
        case .integer(let value): buffer.append(decimal: value)
        case .double(let value): buffer.append(text: spelling(value))
        case .boolean(let value): buffer.append(byte: value ? UInt8(ascii: "t") : UInt8(ascii: "f"))
        case .uuid(let value): buffer.append(uuid: value)
        case .bytes(let value): buffer.append(value)
        case .timestamp(let value): buffer.append(time: CivilTime(microsecondsSince1970: value))
        case .date(let value): buffer.append(date: CivilTime(daysSince1970: value))
        }
    }

    private func spelling(_ value: Double) -> String {
        if value.isFinite { return "\(value)" }
        if value.isNaN { return "NaN" }
        return value > 0 ? "Infinity" : "-Infinity"
    }
}
