import TestSupport
import Testing

/// A service with a database of its own, for the tests of one suite.
final class RunningService: Sendable {
    let service: ServiceProcess
    let psql: Psql

    init() throws {
        let database = try TemporaryPostgres.shared.makeDatabase()
        psql = Psql(database)
        service = try ServiceProcess(databaseURL: database)
        try service.waitUntilReady()
    }

    /// The service of the suite that is running.
    static var current: RunningService { box! }
    @TaskLocal fileprivate static var box: RunningService?

    static func client() throws -> TestClient { try current.service.client() }
}

/// Starts a service for all tests of a suite and ends it after them.
struct RunningServiceTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
    ) async throws {
        let running = try RunningService()
        try await RunningService.$box.withValue(running) { try await body() }
        let exit = try running.service.terminate()
        #expect(exit == .code(0), "\(running.service.log)")
    }
}

extension Trait where Self == RunningServiceTrait {
    /// One service and one database for the whole suite.
    static var runningService: Self { Self() }
}
