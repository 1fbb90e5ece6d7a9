import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// A commit proves nothing when PostgreSQL was told not to mean it.
    struct SettingsTests {
        let postgres: TemporaryPostgres
        let psql: Psql
        let service: ServiceProcess

        init() throws {
            postgres = try TemporaryPostgres()
            psql = Psql(postgres.connection())
            service = try ServiceProcess(databaseURL: psql.connection)
            try service.waitUntilReady()
        }

        @Test(arguments: ["fsync", "full_page_writes"])
        func `a promise that is switched off by reload makes the service unready, and says so`(setting: String) throws {
            _ = try psql.rows("ALTER SYSTEM SET \(setting) = off")
            _ = try psql.rows("SELECT pg_reload_conf()")
            let client = try service.client()
            let answer = try eventually("not ready", within: 10) {
                let answer = try client.get("/health/ready")
                return answer.status == 503 ? answer : nil
            }
            #expect(answer.text.contains(setting))
            #expect(try client.get("/health/live").status == 200)
            _ = try psql.rows("ALTER SYSTEM RESET \(setting)")
            _ = try psql.rows("SELECT pg_reload_conf()")
            try service.waitUntilReady(within: 10)
        }

        @Test func `a pooler in between makes the service unready, and it says so`() throws {
            let proxy = try CuttingProxy(upstream: postgres.socket, changesProcessIDs: true)
            let service = try ServiceProcess(databaseURL: proxy.location + " user=postgres dbname=postgres")
            let client = try service.client()
            let answer = try eventually("the reason") {
                let answer = try client.get("/health/ready")
                return answer.text.contains("connection pooler") ? answer : nil
            }
            #expect(answer.status == 503)
            try client.post("/predict", customer("pooled")).expectProblem(503)
            #expect(service.log.contains("connection pooler"))
            #expect(try service.terminate() == .code(0))
        }

        @Test func `of several hosts the one that takes writes is used`() throws {
            let reading = try TemporaryPostgres(settings: ["default_transaction_read_only=on"])
            let both = "host=\(reading.host),\(postgres.host) port=5432 user=postgres dbname=postgres"
            let service = try ServiceProcess(databaseURL: both)
            try service.waitUntilReady()
            #expect(try service.client().post("/predict", customer("second")).status == 200)
            #expect(try psql.value("SELECT count(*) FROM predictions WHERE customer_id = 'second'") == "1")
        }

        /// Sessions of the service set it themselves; the server's default is not theirs.
        @Test func `with asynchronous commit as the server's default an acknowledged row still survives a crash`()
            throws
        {
            for setting in ["synchronous_commit = off", "wal_writer_delay = '10s'"] {
                _ = try psql.rows("ALTER SYSTEM SET \(setting)")
            }
            _ = try psql.rows("SELECT pg_reload_conf()")
            let client = try service.client()
            try eventually("the reload") { try psql.value("SHOW wal_writer_delay") == "10s" }
            for round in 0..<3 {
                try eventually("an acknowledged row", within: 10) {
                    try client.post("/predict", customer("async-\(round)")).status == 200
                }
                try postgres.stop(SIGQUIT)
                try postgres.start()
                #expect(
                    try psql.value("SELECT count(*) >= 1 FROM predictions WHERE customer_id = 'async-\(round)'") == "t")
            }
        }
    }
}
