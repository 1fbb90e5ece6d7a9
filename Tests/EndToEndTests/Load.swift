import Glibc
import Synchronization
import TestSupport
import Testing

/// Callers that ask without pause, each for customers that nobody else asks for, and write down what they were told.
final class Load: Sendable {
    struct Record: Sendable {
        /// Customer to prediction id, for each 2xx.
        var acknowledged: [String: String] = [:]
        /// How often each other status came.
        var refused: [Int: Int] = [:]
        /// Requests that were sent and got no answer because the connection ended: how, and after how many others.
        var broken: [String] = []
        /// Requests whose answer did not come within ten seconds.
        var hung = 0
        var slowestSeconds = 0.0
    }

    private let port: UInt16
    private let name: String
    private let isOver = Atomic(false)
    private let record = Mutex(Record())
    private let threads = Mutex<[BackgroundThread]>([])

    /// Starts that many callers; the names of their customers begin with `name`.
    init(port: UInt16, connections: Int, name: String) {
        self.port = port
        self.name = name
        let callers = (0..<connections).map { index in BackgroundThread { self.call(index) } }
        threads.withLock { $0 = callers }
    }

    // Counted under the lock: that the last reader of a copy has let go of it is nothing that ThreadSanitizer sees.

    private var acknowledgedCount: Int { record.withLock { $0.acknowledged.count } }

    /// How often callers were told this status, until now.
    func refusedCount(_ status: Int) -> Int { record.withLock { $0.refused[status, default: 0] } }

    /// Waits until that many more predictions were acknowledged.
    func waitForMore(_ count: Int, within seconds: Double = 15) throws {
        let goal = acknowledgedCount + count
        try eventually("\(count) acknowledged predictions", within: seconds) { acknowledgedCount >= goal }
    }

    /// Lets every caller finish its request.
    func stop() -> Record {
        isOver.store(true, ordering: .sequentiallyConsistent)
        for thread in threads.withLock({ $0 }) { thread.join() }
        return record.withLock { $0 }
    }

    private func call(_ index: Int) {
        var client: TestClient?
        var number = 0
        var served = 0
        while !isOver.load(ordering: .relaxed) {
            guard let connected = client ?? (try? TestClient(port: port)) else {
                poll(nil, 0, 5)
                continue
            }
            served = client == nil ? 0 : served + 1
            client = connected
            number += 1
            if !ask(connected, "\(name)-\(index)-\(number)", served: served) { client = nil }
        }
    }

    /// False when the connection is of no more use.
    private func ask(_ client: TestClient, _ customerID: String, served: Int) -> Bool {
        let start = monotonicSeconds()
        let answer = Result { try client.post("/predict", customer(customerID)) }
        let id = try? answer.get().json()["prediction_id"]?.string
        record.withLock { record in
            record.slowestSeconds = max(record.slowestSeconds, monotonicSeconds() - start)
            switch answer {
            case .success(let answer) where answer.status == 200: record.acknowledged[customerID] = id ?? "no id"
            case .success(let answer): record.refused[answer.status, default: 0] += 1
            case .failure(TestClient.Failure.timedOut): record.hung += 1
            case .failure(let error): record.broken.append("\(error) after \(served)")
            }
        }
        guard let answer = try? answer.get() else { return false }
        if answer.status != 200 { poll(nil, 0, 5) }
        return answer.header("Connection")?.lowercased() != "close"
    }
}

extension Load.Record {
    /// Compares what the callers were told with the table: each 2xx has its row, and no customer has two.
    func expectExactlyOnce(
        in psql: Psql, name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var stored: [String: [String]] = [:]
        for row in try psql.rows("SELECT customer_id, id FROM predictions WHERE customer_id LIKE '\(name)-%'") {
            let columns = row.split(separator: "|")
            stored[String(columns[0]), default: []].append(String(columns[1]))
        }
        let lost = acknowledged.filter { stored[$0.key] != [$0.value] }
        #expect(lost.isEmpty, "\(lost.count) of \(acknowledged.count) acknowledged", sourceLocation: sourceLocation)
        let doubled = stored.filter { $0.value.count > 1 }
        #expect(doubled.isEmpty, "stored twice", sourceLocation: sourceLocation)
        #expect(hung == 0, "requests without an answer", sourceLocation: sourceLocation)
    }
}
