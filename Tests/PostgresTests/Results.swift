import Synchronization

/// What several threads of a test found out.
final class Results: Sendable {
    private let values = Mutex<[[String]]>([])

    func append(_ value: [String]) { values.withLock { $0.append(value) } }

    var all: [[String]] { values.withLock { $0 } }
}
