public import Bytes

/// Rows of `COPY … FROM STDIN (FORMAT binary)`: built field by field, sent in pieces.
///
/// A header of 19 bytes, then for each row the number of its fields and for each field its length, -1 for NULL, and its
/// bytes, all big-endian; -1 in place of a number of fields ends them (PostgreSQL manual, COPY, "Binary Format").
public struct BinaryCopy: ~Copyable {
    /// What is to be sent; the caller empties it by `removeAll` when it has sent it.
    public private(set) var bytes: ByteBuffer
    private let fieldCount: Int16
    private var rowStart = 0

    /// - Parameters:
    ///   - fieldCount: of each row.
    ///   - capacity: in bytes.
    public init(fieldCount: Int, capacity: Int) {
        self.fieldCount = Int16(fieldCount)
        bytes = ByteBuffer(capacity: capacity)
        bytes.append("PGCOPY\n")
        bytes.append(bigEndian: 0xFF0D_0A00 as UInt32)
        bytes.append(bigEndian: 0 as Int32)
        bytes.append(bigEndian: 0 as Int32)
    }

    /// Forgets what was sent and keeps the room.
    public mutating func removeAll() {
        bytes.removeAll()
        rowStart = 0
    }

    /// Writes the end of the rows.
    public mutating func finish() { bytes.append(bigEndian: -1 as Int16) }

    // MARK: One row

    /// Begins a row, whose fields follow in the order of the columns.
    public mutating func beginRow() {
        rowStart = bytes.count
        bytes.append(bigEndian: fieldCount)
    }

    /// Takes the fields since `beginRow` back.
    public mutating func cancelRow() { bytes.truncate(to: rowStart) }

    public mutating func appendNull() { bytes.append(bigEndian: -1 as Int32) }

    public mutating func append(integer value: Int32) {
        bytes.append(bigEndian: 4 as Int32)
        bytes.append(bigEndian: value)
    }

    /// Appends a timestamptz.
    public mutating func append(microsecondsSince1970 microseconds: Int) {
        bytes.append(bigEndian: 8 as Int32)
        bytes.append(bigEndian: Int64(microseconds - PostgresEpoch.microseconds))
    }

    /// Appends text, which must be UTF-8 without NUL.
    public mutating func append(text: Span<UInt8>) {
        bytes.append(bigEndian: Int32(truncatingIfNeeded: text.count))
        bytes.append(text)
    }

    /// Appends a numeric.
    public mutating func append(decimal: DecimalNumber) {
        bytes.append(bigEndian: 0 as Int32)
        let start = bytes.count
        decimal.append(to: &bytes)
        bytes.overwrite(at: start - 4, bigEndian: Int32(truncatingIfNeeded: bytes.count - start))
    }
}
