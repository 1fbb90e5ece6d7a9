import CKafka

/// The headers of a message that is about to be produced.
///
/// Those with values that change are left to the next message of their topic, see `Producer.spareHeaders`: to make such a
/// list is a good part of what a message costs, and so is to find the values in one.
@safe
package struct MessageHeaders: ~Copyable {
    private let handle: OpaquePointer
    private var count = 0
    private(set) var changing = ChangingValues()

    /// - Parameter capacity: how many there will be.
    package init(capacity: Int) {
        guard let handle = unsafe rd_kafka_headers_new(capacity) else {
            preconditionFailure("rd_kafka_headers_new gave nothing")
        }
        unsafe self.handle = unsafe handle
    }

    /// Those of a message that was delivered.
    init(owning handle: OpaquePointer, _ changing: ChangingValues) {
        unsafe self.handle = unsafe handle
        self.changing = changing
    }

    deinit { unsafe rd_kafka_headers_destroy(handle) }

    /// - Parameter isChanging: whether the next message has another value of the same size (64 KiB at most); two headers of a
    ///   list at most.
    package mutating func append(_ name: StaticString, _ value: Span<UInt8>, isChanging: Bool = false) {
        unsafe value.withUnsafeBufferPointer { bytes in
            unsafe append(name, UnsafeRawPointer(bytes.baseAddress), bytes.count)
        }
        if isChanging { unsafe changing.append(kafka_header_value(handle, count - 1), size: value.count) }
    }

    package mutating func append(_ name: StaticString, _ value: StaticString) {
        unsafe append(name, UnsafeRawPointer(value.utf8Start), value.utf8CodeUnitCount)
    }

    /// Writes over the first (0) or second (1) of the values that change; false where the new one has another size.
    package mutating func overwrite(_ index: Int, _ value: Span<UInt8>) -> Bool { changing.overwrite(index, value) }

    private mutating func append(_ name: StaticString, _ value: UnsafeRawPointer?, _ count: Int) {
        let length = name.utf8CodeUnitCount
        let start = unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        // Fails only for headers that may not be changed, which those of a message under way are; these are not.
        _ = unsafe rd_kafka_header_add(handle, start, length, value, count)
        self.count += 1
    }

    /// Gives the headers away: whoever has them now frees them.
    consuming func relinquish() -> OpaquePointer {
        let handle = unsafe handle
        discard self
        return unsafe handle
    }
}

/// Where the values lie that may be written over, in memory that the list of headers owns.
@safe
struct ChangingValues {
    private var addresses: InlineArray<2, UnsafeMutableRawPointer?> = unsafe InlineArray(repeating: nil)
    private var sizes: InlineArray<2, UInt16> = InlineArray(repeating: 0)

    var isEmpty: Bool { unsafe addresses[0] == nil }

    mutating func append(_ address: UnsafeMutableRawPointer?, size: Int) {
        let index = isEmpty ? 0 : 1
        precondition(unsafe addresses[index] == nil, "more than two values that change")
        unsafe addresses[index] = unsafe address
        sizes[index] = UInt16(size)
    }

    func overwrite(_ index: Int, _ value: Span<UInt8>) -> Bool {
        guard let address = unsafe addresses[index], Int(sizes[index]) == value.count else { return false }
        unsafe value.withUnsafeBytes { unsafe address.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        return true
    }
}
