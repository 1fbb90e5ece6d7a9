import Synchronization

/// Carries a value that cannot be copied from one thread to another, once.
package final class Handoff<Value: ~Copyable>: Sendable {
    /// Written by `init`, and read and emptied by the one `take` that won `isTaken`.
    nonisolated(unsafe) private var value: Value?
    private let isTaken = Atomic<Bool>(false)

    package init(_ value: consuming sending Value) { unsafe self.value = consume value }

    /// The value; the second call is a mistake.
    package func take() -> sending Value {
        let isFirst = isTaken.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing)
            .exchanged
        precondition(isFirst, "a value was taken twice")
        guard let taken = unsafe value.take() else { preconditionFailure("a handoff lost its value") }
        return taken
    }
}
