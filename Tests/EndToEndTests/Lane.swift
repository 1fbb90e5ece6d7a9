import Dispatch
import Synchronization
import TestSupport
import Testing

/// Runs the tests of a suite on a thread of its own, with a PostgreSQL of its own, beside those of other suites.
///
/// The threads that all tests share are as few as the processors, and take the tests as they stand in line. What comes one
/// after another would go to the end of that line again and again, and wait until all others are done.
struct LaneTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
    ) async throws {
        let postgres = try TemporaryPostgres.roomy()
        try await TemporaryPostgres.$ofSuite.withValue(postgres) {
            try await withTaskExecutorPreference(TestThread()) { try await body() }
        }
    }
}

extension Trait where Self == LaneTrait {
    /// A thread and a PostgreSQL for the whole suite.
    static var lane: Self { Self() }
}

/// A thread that runs what its tasks have to do, and never ends.
private final class TestThread: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])
    private let arrived = DispatchSemaphore(value: 0)

    init() {
        _ = BackgroundThread { self.work() }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
        arrived.signal()
    }

    private func work() {
        while true {
            arrived.wait()
            unsafe jobs.withLock { $0.removeFirst() }.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
