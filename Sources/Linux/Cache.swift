import CLinux

/// The processor's cache.
package enum Cache {
    /// Has memory brought near that will be looked at soon.
    ///
    /// It is not looked at now, so it may be anybody's.
    @unsafe
    package static func fetch(_ start: UnsafeRawPointer, bytes: Int) { unsafe linux_fetch(start, bytes) }
}
