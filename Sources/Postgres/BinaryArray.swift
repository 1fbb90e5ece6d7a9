public import Bytes

/// A one-dimensional array in PostgreSQL's binary form, built element by element: one column of a batch.
///
/// A header of 20 bytes (dimensions, whether a NULL is in it, type, count, lower bound), then for each element its
/// length, -1 for NULL, and its bytes, all big-endian (array_recv in PostgreSQL's arrayfuncs.c). The bytes are a valid
/// array after every call, and emptying keeps the room: a column that is filled again allocates nothing.
public struct BinaryArray: ~Copyable, Sendable {
    static let headerCount = 20

    public let type: PostgresType
    public private(set) var count = 0
    /// The array as it goes to the server.
    ///
    /// Write to it only between `beginElement` and `endElement`.
    public var bytes: ByteBuffer

    /// - Parameter capacity: in bytes.
    public init(_ type: PostgresType, capacity: Int = 1024) {
        self.type = type
        bytes = ByteBuffer(capacity: max(capacity, Self.headerCount))
        bytes.append(bigEndian: 1 as Int32)
        bytes.append(bigEndian: 0 as Int32)
        bytes.append(bigEndian: type.rawValue)
        bytes.append(bigEndian: 0 as Int32)
        bytes.append(bigEndian: 1 as Int32)
    }

    /// Forgets the elements and keeps the room.
    public mutating func removeAll() {
        bytes.truncate(to: Self.headerCount)
        count = 0
        bytes.overwrite(at: 4, bigEndian: 0 as Int32)
        bytes.overwrite(at: 12, bigEndian: 0 as Int32)
    }

    /// Forgets all elements from `count` on, which begin at `offset` of `bytes`: the undo of a request that was refused
    /// half-way.
    public mutating func truncate(to count: Int, offset: Int) {
        precondition(count >= 0 && count <= self.count && offset >= Self.headerCount, "cannot cut to \(count) elements")
        bytes.truncate(to: offset)
        self.count = count
        bytes.overwrite(at: 12, bigEndian: Int32(truncatingIfNeeded: count))
    }

    // MARK: Elements

    /// Appends the length of an element that is about to be written into `bytes`; for jsonb also its version byte.
    ///
    /// - Returns: what `endElement` wants to know.
    @inline(__always)
    public mutating func beginElement() -> Int {
        bytes.append(bigEndian: 0 as Int32)
        let start = bytes.count
        if type == .json { bytes.append(byte: 1) }
        return start
    }

    /// Ends the element that began at `start`.
    @inline(__always)
    public mutating func endElement(_ start: Int) {
        bytes.overwrite(at: start &- 4, bigEndian: Int32(truncatingIfNeeded: bytes.count &- start))
        advance()
    }

    public mutating func appendNull() {
        bytes.overwrite(at: 4, bigEndian: 1 as Int32)
        bytes.append(bigEndian: -1 as Int32)
        advance()
    }

    public mutating func append(boolean value: Bool) {
        assert(type == .boolean)
        fixed(value ? 1 as UInt8 : 0)
    }

    public mutating func append(integer value: Int32) {
        assert(type == .integer)
        fixed(value)
    }

    public mutating func append(bigInteger value: Int64) {
        assert(type == .bigInteger)
        fixed(value)
    }

    public mutating func append(double value: Double) {
        assert(type == .double)
        fixed(value.bitPattern)
    }

    public mutating func append(uuid value: UInt128) {
        assert(type == .uuid)
        fixed(value)
    }

    /// Appends a date.
    public mutating func append(daysSince1970 days: Int) {
        assert(type == .date)
        fixed(Int32(truncatingIfNeeded: days - PostgresEpoch.days))
    }

    /// Appends a timestamptz.
    public mutating func append(microsecondsSince1970 microseconds: Int) {
        assert(type == .timestamp)
        fixed(Int64(microseconds - PostgresEpoch.microseconds))
    }

    /// Appends a numeric.
    public mutating func append(decimal value: DecimalNumber) {
        assert(type == .numeric)
        let start = beginElement()
        value.append(to: &bytes)
        endElement(start)
    }

    /// Appends text, JSON or raw bytes.
    public mutating func append(_ value: Span<UInt8>) {
        let start = beginElement()
        bytes.append(value)
        endElement(start)
    }

    /// Appends text, JSON or raw bytes that lie in another buffer.
    public mutating func append(_ buffer: borrowing ByteBuffer, _ range: Range<Int>) {
        let start = beginElement()
        bytes.append(buffer, range)
        endElement(start)
    }

    /// Appends text or JSON.
    public mutating func append(_ text: StaticString) {
        let start = beginElement()
        bytes.append(text)
        endElement(start)
    }

    /// Replaces an element of an array without NULLs.
    public mutating func replace(_ index: Int, uuid value: UInt128) {
        assert(type == .uuid)
        replace(index, fixed: value)
    }

    /// Replaces an element of an array without NULLs.
    public mutating func replace(_ index: Int, microsecondsSince1970 microseconds: Int) {
        assert(type == .timestamp)
        replace(index, fixed: Int64(microseconds - PostgresEpoch.microseconds))
    }

    private mutating func replace<Value: FixedWidthInteger>(_ index: Int, fixed value: Value) {
        precondition(index >= 0 && index < count, "element \(index) of \(count)")
        let size = Value.bitWidth / 8
        bytes.overwrite(at: Self.headerCount + index * (4 + size) + 4, bigEndian: value)
    }

    @inline(__always)
    private mutating func fixed<Value: FixedWidthInteger>(_ value: Value) {
        bytes.append(bigEndian: Int32(Value.bitWidth / 8))
        bytes.append(bigEndian: value)
        advance()
    }

    @inline(__always)
    mutating func advance() {
        count &+= 1
        bytes.overwrite(at: 12, bigEndian: Int32(truncatingIfNeeded: count))
    }
}
