import CLinux
import Glibc
import Synchronization

/// A thread of the operating system.
///
/// It runs on by itself when nobody keeps it.
@safe
package final class Thread: Sendable {
    private let handle: pthread_t
    private let isJoined = Atomic<Bool>(false)

    /// Starts a thread.
    ///
    /// - Parameters:
    ///   - name: as `top -H` shows it, at most 15 bytes.
    ///   - body: what it runs.
    package init(named name: String, _ body: sending @escaping () -> Void) throws(SystemError) {
        precondition(name.utf8.count <= 15, "the name of a thread has at most 15 bytes: \(name)")
        let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
        var handle = pthread_t()
        let code = unsafe pthread_create(&handle, nil, { unsafe run($0) }, start.toOpaque())
        if code != 0 {
            unsafe start.release()
            throw SystemError(code: code, call: "pthread_create")
        }
        self.handle = handle
    }

    deinit { if !isJoined.load(ordering: .relaxed) { pthread_detach(handle) } }

    /// Waits until the thread has ended; only once, and never in the thread itself.
    package func join() {
        precondition(!isJoined.exchange(true, ordering: .relaxed), "a thread was joined twice")
        let code = pthread_join(handle, nil)
        precondition(code == 0, "a thread joined itself")
    }

    /// Runs `body`, in which the calling thread, and those that it starts for good, take long turns on a processor.
    ///
    /// A thread that wakes up and wants a shorter turn gets it at once. All have the share that they would have, so that
    /// nobody starves: for work that is to be done soon, and for which others should not wait. Linux before 6.12 knows
    /// turns of one length only, and nothing changes there (sched_setattr(2), EEVDF).
    package static func withLongTurns<Value: ~Copyable, Failure: Error>(
        _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let before = turnNanoseconds
        linux_set_turn(longTurnNanoseconds)
        defer { linux_set_turn(before) }
        return try body()
    }

    /// The longest turn that Linux gives.
    private static let longTurnNanoseconds: UInt64 = 100_000_000

    /// How long a turn of the calling thread is; 0 where Linux does not tell.
    package static var turnNanoseconds: UInt64 { linux_turn() }

    /// Lets the calling thread sleep, no longer than a signal lets it.
    package static func sleep(milliseconds: Int) { usleep(UInt32(milliseconds * 1000)) }
}

/// What a new thread is given.
private final class Start {
    let name: String
    let body: () -> Void

    init(name: String, body: @escaping () -> Void) {
        self.name = name
        self.body = body
    }
}

private func run(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    let start = unsafe Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
    _ = unsafe linux_name_thread(start.name)
    start.body()
    return nil
}
