/// Who a request is from, as far as answering it goes.
struct Caller {
    /// What the request costs; nil where the key has no rate, or none was needed.
    var bucket: TokenBucket?
    /// Told apart by this from all others; 0 for everybody without a key.
    var identity: UInt128 = 0
}
