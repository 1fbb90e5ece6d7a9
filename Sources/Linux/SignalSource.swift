import CLinux
import Glibc

/// Signals as something to read (signalfd) instead of handlers that interrupt.
package struct SignalSource: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// Blocks `signals` in the calling thread and reports them here.
    ///
    /// Threads inherit what is blocked, so this comes before any thread is started. SIGPIPE is ignored from now on: a
    /// write to a closed socket is an error result instead.
    package init(_ signals: [CInt]) throws(SystemError) {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in signals { unsafe sigaddset(&set, signal) }
        let code = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        guard code == 0 else { throw SystemError(code: code, call: "pthread_sigmask") }
        _ = signal(SIGPIPE, SIG_IGN)
        let flags = CInt(SFD_CLOEXEC | SFD_NONBLOCK)
        descriptor = FileDescriptor(owning: try immediately("signalfd") { unsafe signalfd(-1, &set, flags) })
    }

    /// What to poll: readable while a signal waits.
    package var number: CInt { descriptor.number }

    /// Takes the next signal that has arrived; nil when there is none.
    package func next() throws(SystemError) -> CInt? {
        var information = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        let count = try systemCall("read") { unsafe read(descriptor.number, &information, size) }
        return count == nil ? nil : CInt(bitPattern: information.ssi_signo)
    }

    /// Waits for the next signal.
    ///
    /// - Parameter timeoutMilliseconds: -1 waits for ever.
    /// - Returns: nil when none came in time.
    package func wait(timeoutMilliseconds: Int = -1) throws(SystemError) -> CInt? {
        guard try Poller.wait(for: number, .readable, timeoutMilliseconds: timeoutMilliseconds) else { return nil }
        return try next()
    }
}
