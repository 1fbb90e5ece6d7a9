import CKafka

/// The headers of a message that is about to be produced.
@safe
package struct MessageHeaders: ~Copyable {
    private let handle: OpaquePointer

    /// - Parameter capacity: how many there will be.
    package init(capacity: Int) {
        guard let handle = unsafe rd_kafka_headers_new(capacity) else {
            preconditionFailure("rd_kafka_headers_new gave nothing")
        }
        unsafe self.handle = unsafe handle
    }

    init(owning handle: OpaquePointer) { unsafe self.handle = unsafe handle }

    deinit { unsafe rd_kafka_headers_destroy(handle) }

    package mutating func append(_ name: StaticString, _ value: Span<UInt8>) {
        unsafe value.withUnsafeBufferPointer { bytes in
            unsafe append(name, UnsafeRawPointer(bytes.baseAddress), bytes.count)
        }
    }

    package mutating func append(_ name: StaticString, _ value: StaticString) {
        unsafe append(name, UnsafeRawPointer(value.utf8Start), value.utf8CodeUnitCount)
    }

    /// Writes over the value at `index`; false where that has another size, or there is none.
    package mutating func overwrite(_ index: Int, _ value: Span<UInt8>) -> Bool {
        unsafe value.withUnsafeBufferPointer { bytes in
            unsafe kafka_overwrite_header(handle, index, bytes.baseAddress, bytes.count) == 1
        }
    }

    private mutating func append(_ name: StaticString, _ value: UnsafeRawPointer?, _ count: Int) {
        let length = name.utf8CodeUnitCount
        let start = unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        // Fails only for headers that may not be changed, which those of a message under way are; these are not.
        _ = unsafe rd_kafka_header_add(handle, start, length, value, count)
    }

    /// Gives the headers away: whoever has them now frees them.
    consuming func relinquish() -> OpaquePointer {
        let handle = unsafe handle
        discard self
        return unsafe handle
    }
}
