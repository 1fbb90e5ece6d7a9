import Synchronization

/// Words that are found nowhere else.
final class Canaries: Sendable {
    private let count = Mutex(0)

    func make() -> String {
        count.withLock { count in
            count += 1
            return "canary\(count)zq"
        }
    }

    /// The canaries in a text.
    func found(in text: String) -> Set<String> {
        Set(text.matches(of: /canary[0-9]+zq/).map { String($0.0) })
    }
}
