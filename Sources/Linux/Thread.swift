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

    /// From now on the calling thread, and those that it starts, give way to others: for work that is to be done soon, and for
    /// which nobody should wait.
    ///
    /// They take long turns on a processor, which end when somebody wakes up who wants a shorter one (sched_setattr(2),
    /// EEVDF; Linux before 6.12 knows turns of one length only), and where others want all of it, a thirtieth is left for
    /// them. It cannot be taken back: only who is privileged may have a larger share than before.
    package static func giveWay() { linux_give_way(backgroundNice, longTurnNanoseconds) }

    /// The longest turn that Linux gives.
    private static let longTurnNanoseconds: UInt64 = 100_000_000
    /// A share of 36, where others have 1024 (sched_prio_to_weight).
    private static let backgroundNice: CInt = 15

    /// Runs `body` in a thread of its own that gives way, as do those that it starts, and waits for it.
    ///
    /// Where no thread can be started, the calling one runs it, and nobody gives way.
    package static func aside<Value: ~Copyable & Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let outcome = Outcome<Value, Failure>()
        let thread = try? Thread(named: "aside") {
            giveWay()
            outcome.set(body)
        }
        guard let thread else { return try body() }
        thread.join()
        return try outcome.take()
    }

    /// Lets the calling thread sleep, no longer than a signal lets it.
    package static func sleep(milliseconds: Int) { usleep(UInt32(milliseconds * 1000)) }
}

/// What came of a function that another thread ran.
private final class Outcome<Value: ~Copyable & Sendable, Failure: Error>: Sendable {
    private let result = Mutex<Result<Handoff<Value>, Failure>?>(nil)

    func set(_ body: () throws(Failure) -> Value) {
        let found: Result<Handoff<Value>, Failure>
        do throws(Failure) { found = .success(Handoff(try body())) } catch { found = .failure(error) }
        result.withLock { $0 = found }
    }

    func take() throws(Failure) -> Value { try result.withLock { $0! }.get().take() }
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
