import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// PostgreSQL goes away, in whole or in part, and comes back.
    @Suite
    struct OutageTests {
        let postgres: TemporaryPostgres
        let psql: Psql
        let service: ServiceProcess

        init() throws {
            postgres = try TemporaryPostgres()
            psql = Psql(postgres.connection())
            service = try ServiceProcess(databaseURL: psql.connection)
            try service.waitUntilReady()
        }

        /// At once, as after a crash, or as an administrator does it, who lets nobody finish either.
        @Test(arguments: [SIGQUIT, SIGINT])
        func `PostgreSQL crashes or is restarted under load: no wrong answer, no double, no hang`(signal: CInt) throws {
            let load = Load(port: service.port, connections: 8, name: "P")
            for _ in 0..<3 {
                try load.waitForMore(50)
                try postgres.stop(signal)
                let client = try service.client()
                try eventually("not ready", within: 3) { try client.get("/health/ready").status == 503 }
                let start = monotonicSeconds()
                let refused = try client.post("/predict", customer("P-away"))
                try refused.expectProblem(503)
                #expect(refused.header("Retry-After") != nil)
                #expect(monotonicSeconds() - start < 0.5, "known to be away: at once")
                #expect(try client.post("/predict?record=false", customer("P-away")).status == 200)
                #expect(try client.get("/health/live").status == 200)
                #expect(try client.get("/metrics").status == 200)
                try postgres.start()
                let accepts = monotonicSeconds()
                try load.waitForMore(1, within: 10)
                // The promise is one second; this machine may be busy with other tests. `make bench` measures it.
                #expect(monotonicSeconds() - accepts < 3)
            }
            let record = load.stop()
            try record.expectExactlyOnce(in: psql, name: "P")
            #expect(record.broken.isEmpty, "the service itself never ended a connection")
            #expect(Set(record.refused.keys).isSubset(of: [503]))
            #expect(record.slowestSeconds < 6)
        }

        @Test func `backends that are terminated under load cost no row and no double`() throws {
            let load = Load(port: service.port, connections: 8, name: "T")
            for _ in 0..<10 {
                try load.waitForMore(20)
                _ = try psql.rows(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                        + "AND backend_type = 'client backend' ORDER BY random() LIMIT 2")
            }
            try load.waitForMore(20)
            let record = load.stop()
            try record.expectExactlyOnce(in: psql, name: "T")
            #expect(record.broken.isEmpty && Set(record.refused.keys).isSubset(of: [503]))
        }

        /// The backend is stopped while it waits for a table lock: inside its transaction, but without the WAL lock,
        /// which would stop everybody.
        @Test
        func `a backend that is stopped inside a transaction is cut off, the service goes on, the row comes once`()
            throws
        {
            let lock = try TableLock(psql)
            let client = try service.client()
            try client.send(
                requestBytes(
                    "POST", "/predict", headers: ["Content-Type: application/json"],
                    body: Array(customer("S-1").utf8)))
            let pid = try lock.waitForBackend()
            #expect(kill(pid, SIGSTOP) == 0)
            try lock.release()

            let answer = try client.receiveAnswer(within: 5)
            try answer.expectProblem(503)
            let id = try #require(answer.json()["prediction_id"]?.string, "an unknown outcome names the prediction")

            let load = Load(port: service.port, connections: 8, name: "S-more")
            try load.waitForMore(100, within: 15)
            #expect(try psql.value("SELECT count(*) FROM predictions WHERE id = '\(id)'") == "0")
            #expect(kill(pid, SIGCONT) == 0)
            try eventually("the row of the stopped backend", within: 15) {
                try psql.value("SELECT count(*) FROM predictions WHERE id = '\(id)'") == "1"
            }
            let record = load.stop()
            try record.expectExactlyOnce(in: psql, name: "S-more")
            #expect(try psql.value("SELECT count(*) FROM predictions WHERE customer_id = 'S-1'") == "1")
        }
    }
}
