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
            _ = try psql.rows(
                "ALTER ROLE tenant \(deny); SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tenant'"
            )
            try eventually("unreadiness") { try client.get("/health/ready").status == 503 }
            let refused = try client.post("/predict", customer("away"))
            try refused.expectProblem(503)
            #expect(refused.header("Retry-After") != nil)
            #expect(try client.post("/predict?record=false", customer("away")).status == 200)

            let (start, before) = (monotonicSeconds(), attempts)
            try eventually("ten more attempts") { attempts >= before + 10 }
            #expect(monotonicSeconds() - start > 0.5, "between two attempts are at least 50 ms")
            #expect(service.log.components(separatedBy: "PostgreSQL is not usable").count == 2, "said once")

            _ = try psql.rows("ALTER ROLE tenant \(allow)")
            try eventually("readiness", within: 5) { service.isReady() }
            #expect(try client.post("/predict", customer("after")).status == 200)
            // What was sent in the moment of the end is sent again, if the caller was told that nobody knows.
            let isUnknown = try refused.json()["type"]?.string?.hasSuffix("outcome-unknown") == true
            let stored = try psql.rows("SELECT customer_id FROM predictions ORDER BY id")
            #expect(stored == ["before", "after"] || isUnknown && stored == ["before", "away", "after"], "\(stored)")
        }

        /// Sessions that were asked for.
        private var attempts: Int { postgres.log.components(separatedBy: "connection received").count - 1 }
    }
}
