public import Bytes

/// Single values for `$n` of a statement on a `Pipeline`, in binary form; empty it and fill it again.
public struct BinaryParameters: ~Copyable {
    /// The most values one statement may have.
    public static let countMax = 32

    /// Where a value lies in `bytes`; a negative count is NULL.
    struct Slot {
        var type: PostgresType
        var offset: Int32
        var count: Int32
    }

    var slots = InlineArray<32, Slot>(repeating: Slot(type: .text, offset: 0, count: -1))
    var bytes: ByteBuffer
    public private(set) var count = 0

    public init(capacity: Int = 256) { bytes = ByteBuffer(capacity: capacity) }

    public mutating func removeAll() {
        bytes.removeAll()
        count = 0
    }

    public mutating func append(boolean value: Bool) { fixed(.boolean, value ? 1 as UInt8 : 0) }
    public mutating func append(integer value: Int32) { fixed(.integer, value) }
    public mutating func append(bigInteger value: Int64) { fixed(.bigInteger, value) }
    public mutating func append(double value: Double) { fixed(.double, value.bitPattern) }
    public mutating func append(uuid value: UInt128) { fixed(.uuid, value) }

    /// Appends a date.
    public mutating func append(daysSince1970 days: Int) {
        fixed(.date, Int32(truncatingIfNeeded: days - PostgresEpoch.days))
    }

    /// Appends a timestamptz.
    public mutating func append(microsecondsSince1970 microseconds: Int) {
        fixed(.timestamp, Int64(microseconds - PostgresEpoch.microseconds))
    }

    public mutating func append(text: Span<UInt8>) {
        let start = bytes.count
        bytes.append(text)
        finish(.text, from: start)
    }

    /// Appends text that lies in another buffer.
    public mutating func append(text buffer: borrowing ByteBuffer, _ range: Range<Int>) {
        let start = bytes.count
        bytes.append(buffer, range)
        finish(.text, from: start)
    }

    public mutating func append(text: String) {
        let start = bytes.count
        bytes.append(text: text)
        finish(.text, from: start)
    }

    public mutating func append(json: Span<UInt8>) {
        let start = bytes.count
        bytes.append(byte: 1)
        bytes.append(json)
        finish(.json, from: start)
    }

    public mutating func appendNull(_ type: PostgresType) {
        finish(type, from: bytes.count)
        slots[count - 1].count = -1
    }

    @inline(__always)
    private mutating func fixed<Value: FixedWidthInteger>(_ type: PostgresType, _ value: Value) {
        let start = bytes.count
        bytes.append(bigEndian: value)
        finish(type, from: start)
    }

    private mutating func finish(_ type: PostgresType, from start: Int) {
        precondition(count < Self.countMax, "more than \(Self.countMax) parameters")
        slots[count] = Slot(type: type, offset: Int32(start), count: Int32(bytes.count - start))
        count += 1
    }
}
