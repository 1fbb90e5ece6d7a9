import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// Without a `DATABASE_URL` the service brings its own PostgreSQL.
    ///
    /// Root's data would be under `/var/lib`, shared with whoever uses this machine, so the tests become `postgres`.
    struct PrivatePostgresTests {
        let folder: TemporaryFolder
        private let user = geteuid() == 0 ? "postgres" : nil

        init() throws { folder = try TemporaryFolder("churn-private", mode: 0o777) }

        private func start() throws -> ServiceProcess {
            let service = try ServiceProcess(
                databaseURL: nil, environment: ["HOME": folder.path], directory: folder.path, user: user)
            try service.waitUntilReady(within: 40)
            return service
        }

        private func postmasters() throws -> Int {
            let list = try runCommand(["pgrep", "-f", "--", folder.path]).output
            return list.split(separator: "\n").count
        }

        private func stored(_ service: ServiceProcess) throws -> [String] {
            let history = try eventually("the history", within: 2) {
                let answer = try service.client().get("/history")
                return answer.status == 200 ? answer : nil
            }
            return try #require(history.json()["predictions"]).elements.compactMap { $0["customer_id"]?.string }
        }

        @Test func `it is started, kept between runs, and gone with the service`() throws {
            let first = try start()
            #expect(try first.client().post("/predict", customer("one")).status == 200)
            #expect(try first.terminate() == .code(0), "\(first.log)")
            #expect(try postmasters() == 0)
            let second = try start()
            #expect(try stored(second) == ["one"])
            #expect(try second.terminate() == .code(0))
        }

        @Test func `it is there again after the service was killed`() throws {
            for round in 0..<3 {
                let service = try start()
                #expect(try stored(service).count == round)
                #expect(try service.client().post("/predict", customer("\(round)")).status == 200)
                service.kill()
            }
            let service = try start()
            #expect(try stored(service) == ["2", "1", "0"])
            #expect(try service.terminate() == .code(0))
            #expect(try postmasters() == 0)
        }
    }
}
