import Synchronization

/// Messages from any thread to the one that polls `number`.
///
/// A sender never waits for the receiver; the lock is held only for an append or a swap.
package final class Mailbox<Message: Sendable>: Sendable {
    /// Senders append; the receiver swaps it for an empty one; both under the lock.
    private let messages = Mutex<[Message]>([])
    private let wakeUp: WakeUp

    package init() throws(SystemError) { wakeUp = try WakeUp() }

    /// What the receiver polls: readable while messages wait.
    package var number: CInt { wakeUp.number }

    package func post(_ message: Message) {
        let isFirst = messages.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        // The others find the wake-up of the first one still set: the receiver clears it before it takes the messages.
        if isFirst { wakeUp.wake() }
    }

    /// Moves all waiting messages into `taken`, in the order of their arrival, and its room back to the senders.
    ///
    /// For the receiving thread only. What `taken` held before is dropped.
    package func take(into taken: inout [Message]) {
        taken.removeAll(keepingCapacity: true)
        wakeUp.clear()
        messages.withLock { swap(&$0, &taken) }
    }

    /// Takes all waiting messages, in the order of their arrival.
    package func take() -> [Message] {
        var taken: [Message] = []
        take(into: &taken)
        return taken
    }
}
