public import Bytes

/// The Date field of all answers of one second (RFC 9110 §6.6.1), rendered once.
public struct DateCache: Sendable {
    private var second: Int
    private var line: InlineArray<37, UInt8>

    /// - Parameter second: since 1970-01-01T00:00:00Z.
    public init(secondsSince1970 second: Int) {
        self.second = second
        line = Self.rendered(second)
    }

    /// Renders the line anew if `second` is another one than before.
    public mutating func update(secondsSince1970 second: Int) {
        if second == self.second { return }
        self = DateCache(secondsSince1970: second)
    }

    /// Appends `Date: Sun, 06 Nov 1994 08:49:37 GMT` and CRLF.
    public func append(to output: inout ByteBuffer) { output.append(line.span) }

    /// IMF-fixdate (RFC 9110 §5.6.7).
    private static func rendered(_ second: Int) -> InlineArray<37, UInt8> {
        let time = CivilTime(microsecondsSince1970: second * 1_000_000)
        var text = ByteBuffer(capacity: 37)
        text.append("Date: ")
        text.append(name(time.weekday, of: "SunMonTueWedThuFriSat"))
        text.append(", ")
        text.append(decimal: time.day, width: 2)
        text.append(byte: 0x20)
        text.append(name(time.month - 1, of: "JanFebMarAprMayJunJulAugSepOctNovDec"))
        text.append(byte: 0x20)
        text.append(decimal: time.year, width: 4)
        text.append(byte: 0x20)
        text.append(decimal: time.hour, width: 2)
        text.append(byte: 0x3A)
        text.append(decimal: time.minute, width: 2)
        text.append(byte: 0x3A)
        text.append(decimal: time.second, width: 2)
        text.append(" GMT\r\n")
        return InlineArray { text[$0] }
    }

    /// The three letters of the `index`th of `names`.
    private static func name(_ index: Int, of names: StaticString) -> [UInt8] {
        names.withUTF8Buffer { unsafe Array($0[index * 3..<index * 3 + 3]) }
    }
}
