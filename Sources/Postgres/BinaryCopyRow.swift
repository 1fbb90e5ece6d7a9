import Bytes

/// One row of `COPY … TO STDOUT (FORMAT binary)`, read again and again into the same memory.
///
/// A message of the server is one row; the header comes in front of the first, the end has a message of its own. Asking
/// for a type that the column does not have is a mistake in the program and stops it.
package struct BinaryCopyRow: ~Copyable {
    private var buffer = ByteBuffer(capacity: 256)
    private var start = 0
    private var fields: [(offset: Int, count: Int)] = []
    private var isFirst = true

    package init() {}

    /// Reads the next row.
    ///
    /// - Returns: false when there are no more; the COPY is over then.
    package mutating func read(from connection: inout Connection) throws(PostgresError) -> Bool {
        buffer.removeAll()
        guard try connection.copyRow(to: &buffer) else { return false }
        // 11 bytes of signature, flags, and the length of an extension.
        start = isFirst ? 19 + Int(load(at: 15, as: UInt32.self)) : 0
        isFirst = false
        let count = Int(load(at: start, as: Int16.self))
        if count < 0 { return try read(from: &connection) }
        fields.removeAll(keepingCapacity: true)
        var offset = start + 2
        for _ in 0..<count {
            let length = Int(load(at: offset, as: Int32.self))
            fields.append((offset + 4, length))
            offset += 4 + max(length, 0)
        }
        return true
    }

    /// The whole row as the server sent it, lengths and values.
    package var values: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get { buffer.span.extracting(start..<buffer.count) }
    }

    /// The bytes of a value; empty for NULL.
    @_lifetime(borrow self)
    package borrowing func bytes(_ column: Int) -> Span<UInt8> {
        let field = fields[column]
        return buffer.span.extracting(field.offset..<field.offset + max(field.count, 0))
    }

    package func double(_ column: Int) -> Double? {
        fixed(column, UInt64.self).map { Double(bitPattern: $0) }
    }

    package func boolean(_ column: Int) -> Bool? { fixed(column, UInt8.self).map { $0 != 0 } }

    /// A date, in days since 1970.
    package func date(_ column: Int) -> Int? { fixed(column, Int32.self).map { Int($0) + PostgresEpoch.days } }

    private func fixed<Value: FixedWidthInteger>(_ column: Int, _ type: Value.Type) -> Value? {
        let field = fields[column]
        if field.count < 0 { return nil }
        precondition(field.count == Value.bitWidth / 8, "column \(column) has \(field.count) bytes")
        return load(at: field.offset, as: type)
    }

    private func load<Value: FixedWidthInteger>(at offset: Int, as type: Value.Type) -> Value {
        var value: Value = 0
        for place in offset..<offset + Value.bitWidth / 8 {
            value = (Value.bitWidth > 8 ? value << 8 : 0) | Value(truncatingIfNeeded: buffer[place])
        }
        return value
    }
}
