/// The head of one request: what the server has to know of it, and where the rest stands in the received octets.
///
/// Nothing is copied. The ranges are valid in the buffer that was parsed; where the octets are moved, `start` is set anew.
public struct RequestHead: Sendable {
    /// Where the message begins in its buffer, empty lines in front of the request line included.
    public var start: Int

    /// The length of the head with the empty line that ends it.
    public var count: Int { Int(length) }

    private let length: UInt16

    public internal(set) var method = Method.get

    /// 0 or 1, the version being HTTP/1.0 or HTTP/1.1.
    public internal(set) var minorVersion: UInt8 = 1

    /// Whether another request may follow on this connection (RFC 9112 §9.3).
    ///
    /// HTTP/1.0 connections end after one answer, also where the client offers `keep-alive`, which §9.3 leaves to the server.
    public internal(set) var keepsAlive = true

    public internal(set) var framing = BodyFraming.none

    /// Whether the client waits for `100 Continue` before it sends its body (RFC 9110 §10.1.1).
    public internal(set) var expectsContinue = false

    var targetPlace = Place()
    @usableFromInline var pathPlace = Place()
    @usableFromInline var queryPlace = Place()
    @usableFromInline var fields = InlineArray<10, Place>(repeating: Place())
    @usableFromInline var repeated: UInt16 = 0

    init(start: Int, count: Int) {
        self.start = start
        length = UInt16(count)
    }

    /// Where the body begins in the buffer.
    public var bodyStart: Int { start + count }

    // MARK: The target

    /// The request target as it was sent.
    public var target: Range<Int> { range(targetPlace) }

    /// The path, still with its percent-escapes, never empty: it begins with `/`, or it is `*` for OPTIONS.
    @inlinable
    public var path: Range<Int> { range(pathPlace) }

    /// What stands behind the first `?`, still with its percent-escapes; empty where there is none.
    @inlinable
    public var query: Range<Int> { range(queryPlace) }

    // MARK: Fields

    @inlinable public var accept: Range<Int>? { self[.accept] }
    @inlinable public var acceptEncoding: Range<Int>? { self[.acceptEncoding] }
    @inlinable public var authorization: Range<Int>? { self[.authorization] }
    @inlinable public var contentEncoding: Range<Int>? { self[.contentEncoding] }
    @inlinable public var contentType: Range<Int>? { self[.contentType] }
    @inlinable public var correlationID: Range<Int>? { self[.correlationID] }
    @inlinable public var idempotencyKey: Range<Int>? { self[.idempotencyKey] }
    @inlinable public var ifNoneMatch: Range<Int>? { self[.ifNoneMatch] }
    @inlinable public var requestID: Range<Int>? { self[.requestID] }
    @inlinable public var traceParent: Range<Int>? { self[.traceParent] }

    /// The value of a field without the white space around it; nil where the request has no such field.
    ///
    /// Accept, Accept-Encoding and If-None-Match may stand on several lines that make one list (RFC 9110 §5.3), and a second
    /// traceparent or name is no reason to refuse a request. Such a field counts as absent, which a server is free to do with
    /// each of the six.
    @inlinable @inline(__always)
    public subscript(field: KeptField) -> Range<Int>? {
        let slot = Int(field.rawValue)
        guard fields[slot].isPresent, repeated & (1 << UInt16(slot)) == 0 else { return nil }
        return range(fields[slot])
    }

    /// - Returns: false where a field stands a second time that must not.
    mutating func keep(_ field: KeptField, _ value: Range<Int>) -> Bool {
        let slot = Int(field.rawValue)
        if fields[slot].isPresent {
            repeated |= 1 << UInt16(slot)
            return field.mayRepeat
        }
        fields[slot] = place(value)
        return true
    }

    // MARK: Places

    /// A range that counts from `start`; its octets number 65,535 at most, as `Limits.headBytes` sees to.
    ///
    /// Small, so that a head is: it is handed down by value, and below 128 bytes that needs no call.
    @usableFromInline
    struct Place: Sendable {
        @usableFromInline var offset: UInt16 = 0
        @usableFromInline var count: UInt16 = 0

        /// No place of a head is its very first octet and empty.
        @inlinable
        var isPresent: Bool { offset != 0 }
    }

    func place(_ range: Range<Int>) -> Place {
        Place(offset: UInt16(range.lowerBound - start), count: UInt16(range.count))
    }

    @inlinable
    func range(_ place: Place) -> Range<Int> {
        let lower = start + Int(place.offset)
        return lower..<lower + Int(place.count)
    }
}
