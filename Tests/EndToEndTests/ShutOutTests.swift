import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// PostgreSQL is there, but lets the service no longer in.
    struct ShutOutTests {
        private let postgres: TemporaryPostgres
        private let psql: Psql
        private let service: ServiceProcess

        init() throws {
            postgres = try TemporaryPostgres(settings: ["log_connections=on"])
            psql = Psql(try postgres.makeDatabase())
            _ = try psql.rows("CREATE ROLE tenant LOGIN; GRANT ALL ON SCHEMA public TO tenant")
            service = try ServiceProcess(databaseURL: psql.connection + " user=tenant")
            try service.waitUntilReady()
        }

        @Test(arguments: [
            (deny: "CONNECTION LIMIT 0", allow: "CONNECTION LIMIT -1"), (deny: "NOLOGIN", allow: "LOGIN"),
        ])
        func `whoever is shut out says so, asks again without haste, and comes back`(deny: String, allow: String) throws
        {
            let client = try service.client()
            #expect(try client.post("/predict", customer("before")).status == 200)
            // One after the other: who is put out before the role has changed comes in again.
            _ = try psql.rows("ALTER ROLE tenant \(deny)")
            _ = try psql.rows("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'tenant'")
            try eventually("unreadiness") { try client.get("/health/ready").text.contains("postgres: does not answer") }
            // What was sent in the moment in which a session ended is sent again: its caller was told that nobody knows.
            var unknown: [String] = []
            try eventually("a refusal that says that nothing was stored") {
                let refused = try client.post("/predict", customer("away-\(unknown.count)"))
                try refused.expectProblem(503)
                #expect(refused.header("Retry-After") != nil)
                guard try refused.json()["type"]?.string?.hasSuffix("outcome-unknown") == true else { return true }
                unknown.append("away-\(unknown.count)")
                return false
            }
            #expect(try client.post("/predict?record=false", customer("away")).status == 200)

            let (start, before) = (monotonicSeconds(), attempts)
            try eventually("ten more attempts") { attempts >= before + 10 }
            #expect(monotonicSeconds() - start > 0.5, "between two attempts are at least 50 ms")
            #expect(service.log.components(separatedBy: "PostgreSQL is not usable").count == 2, "said once")

            _ = try psql.rows("ALTER ROLE tenant \(allow)")
            try eventually("readiness", within: 5) { service.isReady() }
            #expect(try client.post("/predict", customer("after")).status == 200)
            let stored = try psql.rows("SELECT customer_id FROM predictions ORDER BY id")
            #expect(stored.filter { !unknown.contains($0) } == ["before", "after"], "\(stored), unknown: \(unknown)")
        }

        @Test func `too few connections are said, cost nothing that is open, and are asked for once a second`() throws {
            #expect(try service.terminate() == .code(0))
            _ = try psql.rows("ALTER ROLE tenant CONNECTION LIMIT 2")
            let service = try ServiceProcess(databaseURL: psql.connection + " user=tenant", workers: 1)
            let client = try service.client()
            try eventually("the reason") {
                try client.get("/health/ready").text.contains("connections: PostgreSQL lets no more in")
            }
            #expect(try client.post("/predict", customer("meanwhile")).status == 200)

            let (start, before) = (monotonicSeconds(), attempts)
            try eventually("two more attempts") { attempts >= before + 2 }
            #expect(monotonicSeconds() - start > 0.8, "between two attempts is a second")
            #expect(try client.get("/health/ready").text.contains("connections: PostgreSQL lets no more in"))
            #expect(!service.log.contains("PostgreSQL is not usable"))
            #expect(
                service.log.components(separatedBy: "connections: PostgreSQL lets no more in").count == 2, "said once")

            _ = try psql.rows("ALTER ROLE tenant CONNECTION LIMIT -1")
            try eventually("readiness", within: 5) { service.isReady() }
            #expect(try client.get("/history").text.contains("meanwhile"))
        }

        /// Sessions that were asked for.
        private var attempts: Int { postgres.log.components(separatedBy: "connection received").count - 1 }
    }
}
