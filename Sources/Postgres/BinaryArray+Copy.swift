import Bytes

/// Elements of one array in another: how a batch is cut.
extension BinaryArray {
    /// Where the first element begins.
    public static var firstOffset: Int { headerCount }

    /// The length of the element at `offset`, -1 for NULL; the next one begins 4 bytes and this length further on.
    public func length(at offset: Int) -> Int {
        var bits: UInt32 = 0
        for place in offset..<offset + 4 { bits = bits << 8 | UInt32(bytes[place]) }
        return Int(Int32(bitPattern: bits))
    }

    /// Appends the element that begins at `offset` of an array of the same type.
    public mutating func append(elementAt offset: Int, of other: borrowing BinaryArray) {
        assert(type == other.type)
        let length = other.length(at: offset)
        if length < 0 { return appendNull() }
        append(copyOf: other.bytes, offset + 4..<offset + 4 + length)
    }

    /// Appends an element as it stands in another array, with what comes before its value.
    private mutating func append(copyOf buffer: borrowing ByteBuffer, _ range: Range<Int>) {
        bytes.append(bigEndian: Int32(range.count))
        bytes.append(buffer, range)
        advance()
    }
}
