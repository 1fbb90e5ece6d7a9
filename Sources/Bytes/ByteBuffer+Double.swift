/// Doubles in the shortest decimal form that reads back as the same value.
extension ByteBuffer {
    /// Appends a finite `value`; a whole number has no fraction (`42`, not `42.0`), and minus zero keeps its sign.
    ///
    /// The result is a JSON number (RFC 8259 §6). Not finite values have no such form: the caller refuses them.
    public mutating func append(shortest value: Double) {
        precondition(value.isFinite, "a number that is not finite has no JSON form")
        if appendFewDecimals(value) { return }
        var digits = Digits()
        value.write(to: &digits)
        let length = digits.lengthWithoutEmptyFraction
        append(digits.bytes.span.extracting(0..<length))
    }

    /// The common case of amounts and counts: at most three decimals.
    ///
    /// `value * 1000` is a whole number below 1e15, so the decimal with these digits is the one nearest to `value`
    /// (two decimals of up to 15 digits never share a Double), and dropping trailing zeros makes it the shortest.
    private mutating func appendFewDecimals(_ value: Double) -> Bool {
        let scaled = value.magnitude * 1000
        guard scaled < 1e15 else { return false }
        let thousandths = Int(scaled)
        guard Double(thousandths) == scaled, Double(thousandths) / 1000 == value.magnitude else { return false }
        if value.sign == .minus { append(byte: 0x2D) }
        let (whole, fraction) = thousandths.quotientAndRemainder(dividingBy: 1000)
        append(decimal: UInt(bitPattern: whole))
        if fraction == 0 { return true }
        append(byte: 0x2E)
        append(byte: 0x30 &+ UInt8(truncatingIfNeeded: fraction / 100))
        if fraction % 100 == 0 { return true }
        append(byte: 0x30 &+ UInt8(truncatingIfNeeded: fraction / 10 % 10))
        if fraction % 10 == 0 { return true }
        append(byte: 0x30 &+ UInt8(truncatingIfNeeded: fraction % 10))
        return true
    }
}

/// Receives the digits of one Double without a String: `Double.write(to:)` prints into `_writeASCII` when it is there,
/// and through `write(_:)` when it is not, so that both give the same text.
private struct Digits: TextOutputStream {
    var bytes = InlineArray<32, UInt8>(repeating: 0)
    var count = 0

    mutating func write(_ text: String) {
        for byte in text.utf8 {
            bytes[count] = byte
            count += 1
        }
    }

    mutating func _writeASCII(_ buffer: UnsafeBufferPointer<UInt8>) {
        for offset in 0..<buffer.count { unsafe bytes[offset] = buffer[offset] }
        count = buffer.count
    }

    var lengthWithoutEmptyFraction: Int {
        count > 2 && bytes[count - 1] == 0x30 && bytes[count - 2] == 0x2E ? count - 2 : count
    }
}
