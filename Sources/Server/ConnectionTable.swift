import Linux

/// The connections of one worker, each in a place of its own for as long as it lives.
///
/// A token is a connection's generation in the upper half and its place in the lower: a token of an earlier client in the
/// same place, which may be on its way in an event or a late answer, is recognised.
@safe
struct ConnectionTable: ~Copyable {
    private let places: UnsafeMutablePointer<Connection>
    private var free: [Int32]
    let capacity: Int

    /// What the clients of all of them keep in memory, as far as it was counted.
    private(set) var heldBytes = 0

    /// Places from here on have never been used.
    private(set) var used = 0

    init(capacity: Int) {
        precondition(capacity > 0 && capacity < Int32.max, "a table for \(capacity) connections")
        self.capacity = capacity
        unsafe places = .allocate(capacity: capacity)
        free = []
        free.reserveCapacity(capacity)
    }

    deinit {
        unsafe places.deinitialize(count: used)
        unsafe places.deallocate()
    }

    /// How many connections there are.
    var count: Int { used - free.count }

    /// The connection at `slot`, where it is.
    ///
    /// Told by its address: `_read` would yield a copy of all of it, made for each look, and code that is not inlined was seen
    /// to read from that copy after it was freed.
    subscript(_ slot: Int) -> Connection {
        @inline(__always) unsafeAddress {
            precondition(slot >= 0 && slot < used, "place \(slot) of \(used)")
            return unsafe UnsafePointer(places + slot)
        }
        @inline(__always) unsafeMutableAddress {
            precondition(slot >= 0 && slot < used, "place \(slot) of \(used)")
            return unsafe places + slot
        }
    }

    /// Gives a new client a place; nil, and the socket is closed, where there is none left.
    mutating func insert(_ descriptor: consuming FileDescriptor) -> Int? {
        let slot: Int
        if let reused = free.popLast() {
            slot = Int(reused)
        } else {
            guard used < capacity else { return nil }
            slot = used
            unsafe (places + slot).initialize(to: Connection())
            used += 1
        }
        self[slot].descriptor = descriptor
        return slot
    }

    /// Counts what a client keeps in memory anew: when something has stayed in his buffers, or has left them.
    mutating func countHeld(_ slot: Int) {
        let bytes = self[slot].heldNow
        heldBytes += bytes - self[slot].heldBytes
        self[slot].heldBytes = bytes
    }

    /// Closes a connection and frees its place.
    mutating func remove(_ slot: Int) {
        heldBytes -= self[slot].heldBytes
        self[slot].reset()
        free.append(Int32(slot))
    }

    /// Has the processor fetch what an ordinary request needs of a connection that is looked at soon.
    ///
    /// Between two looks at a client the kernel has sent and received for all the others. Three lines of the cache: what comes
    /// before the places of early answers.
    func fetch(_ token: UInt64) {
        let slot = Int(token & 0xFFFF_FFFF)
        if slot < used { unsafe Cache.fetch(places + slot, bytes: 3 * 64) }
    }

    func token(_ slot: Int) -> UInt64 { UInt64(self[slot].generation) << 32 | UInt64(slot) }

    /// The place of the connection that `token` names; nil when that one is gone.
    func slot(of token: UInt64) -> Int? {
        let slot = Int(token & 0xFFFF_FFFF)
        guard slot < used, UInt64(self[slot].generation) == token >> 32, self[slot].descriptor.isOpen else {
            return nil
        }
        return slot
    }
}
