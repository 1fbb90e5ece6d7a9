import Dispatch
import Glibc

/// A thread of its own for a body that blocks, so that tests' few shared threads stay free.
package final class BackgroundThread: Sendable {
    private let finished = DispatchSemaphore(value: 0)

    package init(_ body: @escaping @Sendable () -> Void) {
        let finished = finished
        let start = unsafe Unmanaged.passRetained(
            Start {
                body(); finished.signal()
            })
        var thread = pthread_t()
        let result = unsafe pthread_create(
            &thread, nil,
            { argument in
                let start = unsafe Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
                start.run()
                return nil
            }, start.toOpaque())
        precondition(result == 0, "no thread could be started")
        pthread_detach(thread)
    }

    /// Waits until the body has returned.
    ///
    /// May be called once.
    package func join() { finished.wait() }
}

private final class Start: Sendable {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Runs the body on as many threads at once and waits for all of them.
package func concurrently(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let threads = (0..<count).map { index in BackgroundThread { body(index) } }
    for thread in threads { thread.join() }
}
