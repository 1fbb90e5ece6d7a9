import Glibc

/// Lets threads through one by one, in the order of their numbers.
@safe
package final class Turnstile: Sendable {
    /// All three are used under the lock only.
    @safe
    private struct State {
        var lock = unsafe pthread_mutex_t()
        var moved = pthread_cond_t()
        var next = 0
    }

    private nonisolated(unsafe) let state: UnsafeMutablePointer<State>

    package init() {
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State())
        unsafe pthread_mutex_init(&state.pointee.lock, nil)
        unsafe pthread_cond_init(&state.pointee.moved, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(&state.pointee.moved)
        unsafe pthread_mutex_destroy(&state.pointee.lock)
        unsafe state.deallocate()
    }

    /// Waits until the numbers from 0 on before this one were through, and runs `body`.
    ///
    /// Every number has to come, and only once: those behind it wait for it.
    package func pass<Result>(_ number: Int, _ body: () -> Result) -> Result {
        unsafe pthread_mutex_lock(&state.pointee.lock)
        while unsafe state.pointee.next != number {
            unsafe pthread_cond_wait(&state.pointee.moved, &state.pointee.lock)
        }
        unsafe pthread_mutex_unlock(&state.pointee.lock)
        // Nobody else is inside: the others wait for the number after this one.
        let result = body()
        unsafe pthread_mutex_lock(&state.pointee.lock)
        unsafe state.pointee.next += 1
        unsafe pthread_cond_broadcast(&state.pointee.moved)
        unsafe pthread_mutex_unlock(&state.pointee.lock)
        return result
    }
}
