import Synchronization
import TestSupport

/// A caller that sends one input without pause, alone and by tens, and holds every answer against what each model says.
final class SwapCaller: Sendable {
    /// What one model says of the input.
    struct Answer: Equatable, Sendable {
        let probability: Double
        let threshold: Double
        let churn: Bool

        init?(_ document: Document) {
            guard let probability = document["probability"]?.number, let threshold = document["threshold"]?.number,
                case .boolean(let churn)? = document["churn"]
            else { return nil }
            self.probability = probability
            self.threshold = threshold
            self.churn = churn
        }
    }

    struct Record: Sendable {
        /// Answers, by the version that they name.
        var byVersion: [String: Int] = [:]
        /// Predictions that were acknowledged.
        var rows = 0
        /// What was not as it should be.
        var faults: [String] = []
    }

    private let expected: [String: Answer]
    private let name: String
    private let isOver = Atomic(false)
    private let record = Mutex(Record())
    private let thread = Mutex<BackgroundThread?>(nil)

    init(port: UInt16, name: String, expected: [String: Answer]) {
        self.expected = expected
        self.name = name
        let thread = BackgroundThread { self.run(port) }
        self.thread.withLock { $0 = thread }
    }

    static func one(_ customer: String) -> String { #"{"customer_id":"\#(customer)","features":[3]}"# }

    func stop() -> Record {
        isOver.store(true, ordering: .sequentiallyConsistent)
        thread.withLock { $0 }?.join()
        return record.withLock { $0 }
    }

    private func run(_ port: UInt16) {
        do {
            let client = try TestClient(port: port)
            var number = 0
            while !isOver.load(ordering: .relaxed) {
                number += 1
                let isBatch = number % 4 == 0
                let body = isBatch ? batch((0..<10).map { _ in Self.one(name) }) : Self.one(name)
                let answer = try client.post("/predict", body)
                let document = try answer.json()
                check(isBatch ? document["predictions"]?.elements ?? [] : [document], answer, isBatch ? 10 : 1)
            }
        } catch {
            record.withLock { $0.faults.append("\(error)") }
        }
    }

    private func check(_ answers: [Document], _ answer: TestAnswer, _ count: Int) {
        record.withLock { record in
            guard answer.status == 200, answers.count == count else {
                return record.faults.append("\(answer.status) \(answer.text)")
            }
            record.rows += count
            let versions = Set(answers.compactMap { $0["model"]?.string })
            if versions.count != 1 { record.faults.append("one answer of \(versions)") }
            for document in answers {
                let version = document["model"]?.string ?? ""
                record.byVersion[version, default: 0] += 1
                if Answer(document) != expected[version] { record.faults.append("\(version): \(answer.text)") }
            }
        }
    }
}
