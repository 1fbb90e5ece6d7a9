import Glibc

/// The kernel's table of this process's descriptors.
package enum DescriptorTable {
    /// Has the table grow to `count` places now, or to as many as the process may have.
    ///
    /// The kernel doubles it whenever it is full, and where threads share it, whoever needed the place waits until no other
    /// core can be using the old one (synchronize_rcu in fs/file.c): tens of milliseconds in which a worker that accepts
    /// a crowd would answer nobody, again and again. While there is one thread nobody is waited for.
    package static func reserve(_ count: Int) {
        let last = min(count, ProcessStatistics.descriptorsMax()) - 1
        guard let null = try? File.open("/dev/null", .read) else { return }
        let number = fcntl(null.number, F_DUPFD_CLOEXEC, CInt(last))
        if number >= 0 { _ = FileDescriptor(owning: number) }
    }
}
