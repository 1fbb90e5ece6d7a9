/// Doubles in the shortest decimal form that reads back as the same value.
extension ByteBuffer {
    /// Appends a finite `value`; a whole number has no fraction (`42`, not `42.0`), and minus zero keeps its sign.
    ///
    /// The result is a JSON number (RFC 8259 §6), with an exponent below 0.0001 and above 2^53. Not finite values have no
    /// such form: the caller refuses them.
    public mutating func append(shortest value: Double) {
        precondition(value.isFinite, "a number that is not finite has no JSON form")
        reserve(28)
        if value.sign == .minus { append(byte: 0x2D) }
        let magnitude = value.magnitude
        if appendFewDecimals(magnitude) { return }
        let decimal = ShortestDecimal(magnitude)
        let count = digitCount(decimal.digits)
        let point = count &+ decimal.exponent  // digits in front of the decimal point; zeros behind it when negative
        if point < -3 || magnitude > 0x1p53 { return append(decimal, exponent: point &- 1, count) }
        if point > 0 { return append(decimal, point: point, count) }
        append("0.")
        for _ in point..<0 { append(byte: 0x30) }
        append(digits: decimal.digits, count)
    }

    /// The common case of amounts and counts: at most three decimals.
    ///
    /// `value * 1000` is a whole number below 1e15, so the decimal with these digits is the one nearest to `value`
    /// (two decimals of up to 15 digits never share a Double), and dropping trailing zeros makes it the shortest.
    private mutating func appendFewDecimals(_ value: Double) -> Bool {
        let scaled = value * 1000
        guard scaled < 1e15 else { return false }
        let thousandths = Int(scaled)
        guard Double(thousandths) == scaled, Double(thousandths) / 1000 == value else { return false }
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

    /// Appends the digits with the decimal point behind the first `point` of them.
    private mutating func append(_ decimal: ShortestDecimal, point: Int, _ count: Int) {
        if point >= count {
            append(digits: decimal.digits, count)
            for _ in count..<point { append(byte: 0x30) }
            return
        }
        // One place too far back at first; then those in front of the point, mostly one or two, move forward.
        let start = self.count
        append(byte: 0x2E)
        append(digits: decimal.digits, count)
        for place in start..<start &+ point { self[place] = self[place &+ 1] }
        self[start &+ point] = 0x2E
    }

    /// Appends `d.ddde±dd`.
    private mutating func append(_ decimal: ShortestDecimal, exponent: Int, _ count: Int) {
        append(decimal, point: 1, count)
        append(byte: 0x65)
        append(byte: exponent < 0 ? 0x2D : 0x2B)
        if exponent.magnitude < 10 { append(byte: 0x30) }
        append(decimal: exponent.magnitude)
    }
}
