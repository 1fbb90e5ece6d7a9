import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// Promotions while the service is under load.
    struct SwapTests {
        @Test func `a promotion reaches a running server within a second`() throws {
            let registry = try Registry()
            let versions = try (1...2).map { try registry.train(seed: $0) }
            _ = try registry.run("promote", versions[0])
            let service = try registry.serve()
            let client = try service.client()
            for version in [versions[1], versions[0]] {
                _ = try registry.run("promote", version)
                let promoted = monotonicSeconds()
                try eventually("model \(version)") { try client.get("/model").json()["version"]?.string == version }
                #expect(monotonicSeconds() - promoted < 1)
            }
        }

        @Test func `a promotion that nobody could hear of is found after the connection is back`() throws {
            let server = try TemporaryPostgres()
            let registry = try Registry(server)
            let versions = try (1...2).map { try registry.train(seed: $0) }
            _ = try registry.run("promote", versions[0])
            let service = try registry.serve()
            try server.stop(SIGKILL)
            try eventually("the service to notice") { !service.isReady() }
            let client = try service.client()
            let whatIf = try client.post("/predict?record=false", #"{"customer_id":"a","features":[3]}"#)
            #expect(try whatIf.json()["model"]?.string == versions[0])
            // The server promotes while it starts: no listener is there to hear it.
            try server.start()
            _ = try registry.run("promote", versions[1])
            try eventually("the new champion") { try client.get("/model").json()["version"]?.string == versions[1] }
        }

        @Test func `1,000 swaps under load: nothing fails, and no answer mixes two models`() throws {
            let registry = try Registry()
            let versions = try (1...2).map { try registry.train(seed: $0) }
            for version in versions { _ = try registry.run("promote", version) }
            let service = try registry.serve()
            let expected = try expectedAnswers(registry, versions, service)
            let callers = (0..<4).map { SwapCaller(port: service.port, name: "swap-\($0)", expected: expected) }
            let swaps = { service.log.split(separator: "\n").count { $0.contains("serving a model") } }
            let before = swaps()
            // Each is a transaction of its own, and the pause lets the service notice it: all that a promotion does, without
            // the time that a process takes to start.
            let script = (0..<1000).map { Self.promotion(of: versions[$0 % 2]) + "SELECT pg_sleep(0.01);\n" }.joined()
            try write(script.utf8, toFile: registry.folder.path + "/swaps.sql")
            while swaps() < before + 1000 {
                _ = try output(
                    of: [
                        "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", registry.database, "-f",
                        registry.folder.path + "/swaps.sql",
                    ], within: 300)
            }
            let records = callers.map { $0.stop() }
            let seen = records.reduce(into: [String: Int]()) { $0.merge($1.byVersion, uniquingKeysWith: +) }
            #expect(records.allSatisfy { $0.faults.isEmpty }, "\(records.flatMap(\.faults).prefix(3))")
            #expect(versions.allSatisfy { seen[$0, default: 0] > 100 }, "both models answered: \(seen)")
            let stored = try registry.psql.rows(
                """
                SELECT m.version, p.probability, p.threshold FROM predictions AS p JOIN models AS m ON m.number = p.model
                WHERE p.customer_id LIKE 'swap-%' GROUP BY 1, 2, 3
                """)
            #expect(Set(stored) == Set(expected.map { "\($0.key)|\($0.value.probability)|\($0.value.threshold)" }))
            let rows = try registry.psql.value("SELECT count(*) FROM predictions WHERE customer_id LIKE 'swap-%'")
            #expect(rows == "\(records.reduce(0) { $0 + $1.rows })", "every answered row, once")
            #expect(try service.terminate() == .code(0))
        }

        private static func promotion(of version: String) -> String {
            """
            BEGIN;
            UPDATE models SET state = 'retired' WHERE state = 'champion';
            UPDATE models SET state = 'champion', promoted_at = now() WHERE version = '\(version)';
            SELECT pg_notify('models', '\(version)');
            COMMIT;

            """
        }

        /// What each version says of the one input that all callers send.
        private func expectedAnswers(
            _ registry: Registry, _ versions: [String], _ service: ServiceProcess
        ) throws -> [String: SwapCaller.Answer] {
            let client = try service.client()
            var answers: [String: SwapCaller.Answer] = [:]
            for version in versions {
                _ = try registry.run("promote", version)
                let answer = try eventually("model \(version)") {
                    let answer = try client.post("/predict?record=false", SwapCaller.one("x")).json()
                    return answer["model"]?.string == version ? SwapCaller.Answer(answer) : nil
                }
                answers[version] = answer
            }
            let known = Array(answers.values)
            #expect(known[0].probability != known[1].probability && known[0].threshold != known[1].threshold)
            return answers
        }
    }
}
