import CKafka

/// A message that was read; its bytes belong to librdkafka and are freed with it.
@safe
package struct ConsumedMessage: ~Copyable, Sendable {
    private nonisolated(unsafe) let handle: UnsafeMutablePointer<rd_kafka_message_t>

    package let partition: Int32
    package let offset: Int64

    init(owning handle: UnsafeMutablePointer<rd_kafka_message_t>) {
        unsafe self.handle = unsafe handle
        partition = unsafe handle.pointee.partition
        offset = unsafe handle.pointee.offset
    }

    deinit { unsafe rd_kafka_message_destroy(handle) }

    package var topic: String { unsafe String(cString: rd_kafka_topic_name(handle.pointee.rkt)) }

    /// Empty where there is none.
    package var key: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get {
            let span = unsafe Self.span(handle.pointee.key, handle.pointee.key_len)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Empty where there is none.
    package var value: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get {
            let span = unsafe Self.span(handle.pointee.payload, handle.pointee.len)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The last header of this name; empty where there is none.
    package func header(_ name: String) -> [UInt8] {
        var headers: OpaquePointer?
        guard unsafe rd_kafka_message_headers(handle, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR else { return [] }
        var value: UnsafeRawPointer?
        var count = 0
        guard unsafe rd_kafka_header_get_last(headers, name, &value, &count) == RD_KAFKA_RESP_ERR_NO_ERROR else {
            return []
        }
        return unsafe Array(UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : count))
    }

    @_lifetime(immortal)
    private static func span(_ start: UnsafeMutableRawPointer?, _ count: Int) -> Span<UInt8> {
        let bytes = unsafe UnsafeRawPointer(start)?.assumingMemoryBound(to: UInt8.self)
        let buffer = unsafe UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : count)
        return unsafe _overrideLifetime(Span(_unsafeElements: buffer), borrowing: ())
    }
}
