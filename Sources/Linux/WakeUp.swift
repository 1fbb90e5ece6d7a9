import CLinux
import Glibc

/// An eventfd: any thread wakes the one thread that polls it.
package struct WakeUp: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    package init() throws(SystemError) {
        let number = try immediately("eventfd") { eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK)) }
        descriptor = FileDescriptor(owning: number)
    }

    /// What to poll: readable after `wake` until `clear`.
    package var number: CInt { descriptor.number }

    /// Makes the descriptor readable.
    ///
    /// Would it block, the counter is at its end and the descriptor is readable already.
    package func wake() {
        var one: UInt64 = 1
        _ = unsafe Glibc.write(descriptor.number, &one, 8)
    }

    /// Makes the descriptor not readable until the next `wake`.
    package func clear() {
        var count: UInt64 = 0
        _ = unsafe Glibc.read(descriptor.number, &count, 8)
    }
}
