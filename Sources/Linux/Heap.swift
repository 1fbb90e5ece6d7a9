import CLinux

/// The allocator of the C library.
package enum Heap {
    /// Lets a block of `bytes` or more go back to the system as soon as it is freed.
    ///
    /// By itself glibc raises this bound to the largest block that was ever freed, and keeps what is below it
    /// (mallopt(3), M_MMAP_THRESHOLD).
    package static func returnBlocks(from bytes: CInt) { _ = mallopt(M_MMAP_THRESHOLD, bytes) }

    /// Keeps up to `bytes` that are free at the end of each arena.
    ///
    /// glibc gives them back from 128 KiB on, and raises that bound only as long as it is told nothing about the other
    /// (mallopt(3), M_TRIM_THRESHOLD): whoever frees and takes more than that again and again pays the kernel for clean pages
    /// each time.
    package static func keep(_ bytes: CInt) { _ = mallopt(M_TRIM_THRESHOLD, bytes) }
}
