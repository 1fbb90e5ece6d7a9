import CLinux

/// The allocator of the C library.
package enum Heap {
    /// Lets a block of `bytes` or more go back to the system as soon as it is freed.
    ///
    /// By itself glibc raises this bound to the largest block that was ever freed, and keeps what is below it
    /// (mallopt(3), M_MMAP_THRESHOLD).
    package static func returnBlocks(from bytes: CInt) { _ = mallopt(M_MMAP_THRESHOLD, bytes) }
}
