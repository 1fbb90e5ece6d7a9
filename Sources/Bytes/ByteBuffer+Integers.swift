/// Integers as text (decimal, hexadecimal) and as big-endian binary, the order of PostgreSQL's wire.
extension ByteBuffer {
    /// Appends `value` in decimal.
    public mutating func append(decimal value: Int) {
        if value < 0 { append(byte: 0x2D) }
        append(decimal: value.magnitude)
    }

    /// Appends `value` in decimal.
    public mutating func append(decimal value: UInt) {
        if value < 10 { return append(byte: 0x30 &+ UInt8(truncatingIfNeeded: value)) }
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = 20
        var rest = value
        while rest != 0 {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            first &-= 1
            digits[first] = 0x30 &+ UInt8(truncatingIfNeeded: digit)
            rest = quotient
        }
        append(digits.span.extracting(first..<20))
    }

    /// Appends `value` in decimal, with zeros in front up to `width` digits.
    ///
    /// Digits beyond `width` are not written.
    public mutating func append(decimal value: Int, width: Int) {
        precondition(value >= 0, "a fixed width is for numbers that are not negative")
        let start = count
        for _ in 0..<width { append(byte: 0x30) }
        var rest = value
        var place = start + width
        while rest != 0, place > start {
            place &-= 1
            self[place] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    /// Appends a byte as two lower-case hexadecimal digits.
    public mutating func append(hexadecimal byte: UInt8) {
        append(byte: hexadecimalDigit(byte >> 4))
        append(byte: hexadecimalDigit(byte & 15))
    }

    /// Appends `value` most significant byte first.
    ///
    /// Inlinable like its twin below: called from another module it would stay generic, at ten times the price.
    @inlinable
    public mutating func append<Value: FixedWidthInteger>(bigEndian value: Value) {
        let size = Value.bitWidth / 8
        reserve(size)
        unsafe UnsafeMutableRawPointer(base + count).storeBytes(of: value.bigEndian, as: Value.self)
        advance(by: size)
    }

    /// Replaces the bytes at `offset` by `value`, most significant byte first.
    @inlinable
    public mutating func overwrite<Value: FixedWidthInteger>(at offset: Int, bigEndian value: Value) {
        let size = Value.bitWidth / 8
        precondition(offset >= 0 && offset + size <= count, "offset \(offset) of \(count) bytes")
        unsafe UnsafeMutableRawPointer(base + offset).storeBytes(of: value.bigEndian, as: Value.self)
    }
}

/// The lower-case digit of a value below 16.
@inline(__always)
func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? 0x30 &+ value : 0x57 &+ value
}
