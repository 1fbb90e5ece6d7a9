public import Bytes

/// The Date field of all answers of one second (RFC 9110 §6.6.1), rendered once.
public struct DateCache: Sendable {
    private var second: Int
    private var line: InlineArray<37, UInt8>

    /// - Parameter second: since 1970-01-01T00:00:00Z.
    public init(secondsSince1970 second: Int) {
        self.second = second
        let form: StaticString = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
        line = InlineArray { unsafe form.utf8Start[$0] }
        render()
    }

    /// Renders the line anew if `second` is another one than before; allocates nothing.
    public mutating func update(secondsSince1970 second: Int) {
        if second == self.second { return }
        self.second = second
        render()
    }

    /// Appends `Date: Sun, 06 Nov 1994 08:49:37 GMT` and CRLF.
    public func append(to output: inout ByteBuffer) { output.append(line.span) }

    /// Puts the time into its places (IMF-fixdate, RFC 9110 §5.6.7).
    private mutating func render() {
        let time = CivilTime(microsecondsSince1970: second * 1_000_000)
        put(time.weekday, of: "SunMonTueWedThuFriSat", at: 6)
        put(time.day, at: 11)
        put(time.month - 1, of: "JanFebMarAprMayJunJulAugSepOctNovDec", at: 14)
        put(time.year / 100, at: 18)
        put(time.year % 100, at: 20)
        put(time.hour, at: 23)
        put(time.minute, at: 26)
        put(time.second, at: 29)
    }

    /// Two digits.
    private mutating func put(_ number: Int, at place: Int) {
        line[place] = 0x30 &+ UInt8(truncatingIfNeeded: number / 10)
        line[place + 1] = 0x30 &+ UInt8(truncatingIfNeeded: number % 10)
    }

    /// The three letters of the `index`th of `names`.
    private mutating func put(_ index: Int, of names: StaticString, at place: Int) {
        for letter in 0..<3 { line[place + letter] = unsafe names.utf8Start[index * 3 + letter] }
    }
}
