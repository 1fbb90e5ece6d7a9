/// A growable run of bytes with one owner.
///
/// Every byte that the service receives, renders or hands to PostgreSQL lives in one of these. Appending never allocates
/// once the buffer has reached the size that its user needs, so a buffer that is emptied and filled again costs nothing.
///
/// The type is `public`, not `package`: the compiler inlines `public` members of another module by itself, and these
/// are called dozens of times a request.
@safe
public struct ByteBuffer: ~Copyable, Sendable {
    /// Owned by this value alone, so that it goes wherever the value goes.
    @usableFromInline nonisolated(unsafe) internal var base: UnsafeMutablePointer<UInt8>
    @usableFromInline internal var room: Int

    @usableFromInline internal var used: Int

    /// The number of bytes in the buffer.
    public private(set) var count: Int {
        @inlinable get { used }
        set { used = newValue }
    }

    /// Makes an empty buffer that holds `capacity` bytes before it has to grow.
    public init(capacity: Int = 64) {
        precondition(capacity >= 0, "a buffer cannot hold \(capacity) bytes")
        let size = max(capacity, 16)
        unsafe base = .allocate(capacity: size)
        room = size
        used = 0
    }

    deinit { unsafe base.deallocate() }

    /// The number of bytes the buffer holds before it has to grow.
    public var capacity: Int { room }

    public var isEmpty: Bool { count == 0 }

    /// The bytes, for as long as the buffer is borrowed.
    public var span: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get {
            let view = unsafe Span(_unsafeStart: UnsafePointer(base), count: count)
            return unsafe _overrideLifetime(view, borrowing: self)
        }
    }

    /// The byte at `offset`, which must be less than `count`.
    public subscript(offset: Int) -> UInt8 {
        get {
            precondition(offset >= 0 && offset < count, "offset \(offset) of \(count) bytes")
            return unsafe base[offset]
        }
        set {
            precondition(offset >= 0 && offset < count, "offset \(offset) of \(count) bytes")
            unsafe base[offset] = newValue
        }
    }

    /// Makes room for `more` bytes beyond the present ones.
    @inlinable
    public mutating func reserve(_ more: Int) {
        if room &- used < more { grow(by: more) }
    }

    @inline(never)
    @usableFromInline
    internal mutating func grow(by more: Int) {
        let size = max(count + more, room * 2)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
        unsafe larger.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = larger
        room = size
    }

    /// Forgets the bytes and keeps the room.
    public mutating func removeAll() { count = 0 }

    /// Forgets the bytes, and the room beyond `capacity` with them.
    public mutating func removeAll(shrinkingTo capacity: Int) {
        count = 0
        guard room > max(capacity, 16) else { return }
        self = ByteBuffer(capacity: capacity)
    }

    /// Forgets all bytes from `count` on.
    public mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= self.count, "cannot cut \(self.count) bytes to \(count)")
        self.count = count
    }

    /// Forgets the first `amount` bytes and moves the others to the front.
    public mutating func removeFirst(_ amount: Int) {
        precondition(amount >= 0 && amount <= count, "cannot drop \(amount) of \(count) bytes")
        if amount == 0 { return }
        count -= amount
        unsafe base.update(from: base + amount, count: count)
    }

    /// Copies `range` down (or up) to `offset` within the present bytes; the two may overlap.
    public mutating func move(_ range: Range<Int>, to offset: Int) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "range \(range) of \(count) bytes")
        precondition(offset >= 0 && offset + range.count <= count, "offset \(offset) of \(count) bytes")
        unsafe (base + offset).update(from: base + range.lowerBound, count: range.count)
    }

    // MARK: Appending bytes

    /// Counts `amount` bytes that were written behind the present ones.
    @inlinable @inline(__always)
    internal mutating func advance(by amount: Int) { used &+= amount }

    @inlinable @inline(__always)
    public mutating func append(byte: UInt8) {
        if room == used { grow(by: 1) }
        unsafe base[used] = byte
        used &+= 1
    }

    @inlinable
    public mutating func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { source in
            if let start = source.baseAddress { unsafe append(start, count: source.count) }
        }
    }

    /// Inlined, so that the length of a literal is known where it is copied: a few stores in place of a call.
    @inlinable @inline(__always)
    public mutating func append(_ text: StaticString) {
        unsafe append(text.utf8Start, count: text.utf8CodeUnitCount)
    }

    @unsafe @inlinable @inline(__always)
    mutating func append(_ start: UnsafeRawPointer, count more: Int) {
        reserve(more)
        unsafe UnsafeMutableRawPointer(base + used).copyMemory(from: start, byteCount: more)
        used &+= more
    }

    public mutating func append(_ bytes: [UInt8]) { append(bytes.span) }

    /// Appends `range` of another buffer.
    @inlinable
    public mutating func append(_ other: borrowing ByteBuffer, _ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= other.used, "no range of these bytes")
        unsafe append(other.base + range.lowerBound, count: range.upperBound &- range.lowerBound)
    }

    /// Appends a copy of `range` of this buffer itself.
    public mutating func append(copyOf range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "range \(range) of \(count) bytes")
        reserve(range.count)
        unsafe (base + count).update(from: base + range.lowerBound, count: range.count)
        count &+= range.count
    }

    /// Appends the UTF-8 form of `text`.
    ///
    /// Off the request path: a String costs an allocation to make.
    public mutating func append(text: String) {
        var text = text
        text.withUTF8 { source in
            reserve(source.count)
            if let start = source.baseAddress { unsafe (base + count).update(from: start, count: source.count) }
            count &+= source.count
        }
    }

    /// A copy of the bytes, off the request path.
    public var bytes: [UInt8] { unsafe Array(UnsafeBufferPointer(start: base, count: count)) }

    /// A copy of the bytes of `range`, off the request path.
    public func bytes(_ range: Range<Int>) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "range \(range) of \(count) bytes")
        return unsafe Array(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// The bytes as a String, invalid UTF-8 repaired, off the request path.
    public var text: String { text(0..<count) }

    /// The bytes of `range` as a String, invalid UTF-8 repaired, off the request path.
    public func text(_ range: Range<Int>) -> String {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "range \(range) of \(count) bytes")
        let bytes = unsafe UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
        return unsafe String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Foreign memory

    /// Lets `body` read the bytes through a pointer, for a call into C.
    @inlinable
    public borrowing func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe try body(UnsafeRawBufferPointer(start: base, count: used))
    }

    /// Lets `body` write up to `room` bytes behind the present ones and keeps as many as it says it wrote.
    ///
    /// - Parameter body: gets exactly `room` bytes of uninitialised memory; returns how many of them it filled, or a
    ///   number not above zero to keep none.
    /// - Returns: what `body` returned.
    @inlinable
    public mutating func append<Failure: Error>(
        room wanted: Int, _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        reserve(wanted)
        let written = unsafe try body(UnsafeMutableRawBufferPointer(start: base + used, count: wanted))
        precondition(written <= wanted, "\(written) bytes written into room for \(wanted)")
        if written > 0 { used &+= written }
        return written
    }
}
