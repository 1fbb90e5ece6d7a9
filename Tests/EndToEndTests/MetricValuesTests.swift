import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// What the metrics of a service say, against what is known from outside.
    struct MetricValuesTests {
        private let postgres: TemporaryPostgres
        private let service: ServiceProcess
        private let client: TestClient

        init() throws {
            postgres = try TemporaryPostgres()
            service = try ServiceProcess(databaseURL: postgres.connection(), workers: 1)
            try service.waitUntilReady()
            client = try service.client()
        }

        @Test func `stored predictions, their scores, their commits and their model are what the answers say`() throws {
            let before = try Scrape(client)
            for name in ["churn_predictions_total", "churn_score_count", "churn_score_sum", "churn_commit_rows_count"] {
                #expect(before.sum(name) == 0, "\(name)")
            }
            let began = monotonicSeconds()
            let two = try client.post("/predict", batch([customer("a"), customer("b", days: "400", services: "1")]))
            let one = try client.post("/predict", customer("c", frequency: "9", days: "0"))
            let waited = monotonicSeconds() - began
            let answers = try #require(two.json()["predictions"]).elements + [one.json()]
            try #require(answers.count == 3)
            let leaving = Double(answers.count { $0["churn"] == .boolean(true) })
            let scores = answers.compactMap { $0["probability"]?.number }
            let scrape = try Scrape(client)
            let expected: [(name: String, label: String, value: Double)] = [
                ("churn_predictions_total", #"decision="churn""#, leaving),
                ("churn_predictions_total", #"decision="stay""#, 3 - leaving),
                ("churn_score_count", "", 3), ("churn_score_bucket", #"le="1""#, 3),
                ("churn_score_bucket", #"le="0.3""#, Double(scores.count { $0 <= 0.3 })),
                ("churn_score_bucket", #"le="0.5""#, Double(scores.count { $0 <= 0.5 })),
                ("churn_commit_rows_count", "", 2), ("churn_commit_rows_sum", "", 3),
                ("churn_commit_rows_bucket", #"le="1""#, 1), ("churn_commit_rows_bucket", #"le="2""#, 2),
                ("churn_commit_duration_seconds_count", "", 2), ("churn_batches_refused_total", "", 0),
                ("churn_batches_unknown_total", "", 0), ("churn_unseen_levels_total", "", 0),
                ("churn_predictions_refused_total", "", 0), ("churn_http_malformed_requests_total", "", 0),
                ("churn_postgres_up", "", 1), ("churn_postgres_writers", "", 1), ("churn_ready", "", 1),
                ("churn_postgres_connections_total", "", 1), ("churn_access_keys", "", 0),
            ]
            for (name, label, value) in expected { #expect(scrape.sum(name, label) == value, "\(name) \(label)") }
            #expect(abs(scrape.sum("churn_score_sum") - scores.reduce(0, +)) < 1e-12)
            let committing = scrape.sum("churn_commit_duration_seconds_sum")
            #expect(committing > 0 && committing < waited, "\(committing) of \(waited)")
            for name in ["churn_score", "churn_commit_rows", "churn_commit_duration_seconds"] {
                scrape.expectBucketsAddUp(name)
            }
            let version = try #require(one.json()["model"]?.string)
            let number = try Psql(postgres.connection()).value("SELECT number FROM models WHERE version = '\(version)'")
            #expect(scrape.values("churn_model_info") == [1])
            #expect(scrape.values("churn_model_info", "{version=\"\(version)\",number=\"\(number)\"}") == [1])
            #expect(scrape.sum("churn_predictions_total", "model=\"\(version)\"") == 3)
        }

        @Test func `connections are those that clients hold, and rows wait while their commit does`() throws {
            let psql = Psql(postgres.connection())
            let others = try (0..<4).map { _ in try service.client() }
            for other in others { _ = try other.get("/health/live") }
            try eventually("5 connections") { try Scrape(client).values("churn_http_connections") == [5] }
            let blocker = try ChildProcess([
                "psql", "--no-psqlrc", postgres.connection(), "-c",
                "BEGIN; LOCK TABLE predictions IN EXCLUSIVE MODE; SELECT pg_sleep(60)",
            ])
            let isHeld = "FROM pg_locks WHERE granted AND mode = 'ExclusiveLock' AND relation = 'predictions'::regclass"
            try eventually("the lock") { try psql.value("SELECT count(*) \(isHeld)") == "1" }
            let body = Array(batch([customer("a"), customer("b"), customer("c")]).utf8)
            try others[0].send(
                requestBytes("POST", "/predict", headers: ["Content-Type: application/json"], body: body))
            try eventually("3 rows to wait") { try Scrape(client).values("churn_waiting_rows") == [3] }
            _ = try psql.value("SELECT pg_terminate_backend(pid) \(isHeld)")
            #expect(try others[0].receiveAnswer().status == 200)
            try eventually("no row to wait") { try Scrape(client).values("churn_waiting_rows") == [0] }
            _ = blocker
        }

        @Test func `a PostgreSQL that is away is seen, with each prediction that it costs and each line about it`()
            throws
        {
            try postgres.stop()
            try eventually("it to be seen") { try Scrape(client).values("churn_postgres_up") == [0] }
            let refused = try (0..<3).count { _ in try client.post("/predict", customer("x")).status == 503 }
            #expect(refused == 3)
            let away = try Scrape(client)
            #expect(away.values("churn_predictions_refused_total", #"reason="unavailable""#) == [3])
            #expect(away.sum("churn_predictions_refused_total") == 3 && away.values("churn_ready") == [0])
            #expect(away.values("churn_postgres_writers") == [0] && away.sum("churn_score_count") == 0)
            try postgres.start()
            try service.waitUntilReady()
            let back = try Scrape(client)
            #expect(back.values("churn_postgres_up") == [1] && back.sum("churn_postgres_connections_total") > 1)
            // Each of these is heard of in the log, so that levels above "info" are counted, too.
            let levels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]
            try eventually("as many lines as the log has") {
                let scrape = try Scrape(client)
                let counted = levels.map { scrape.sum("churn_log_lines_total", "level=\"\($0)\"") }
                let lines = service.log.split(separator: "\n")
                let written = levels.map { level in Double(lines.count { $0.contains("\"level\":\"\(level)\"") }) }
                return counted == written && counted[2] > 0 && counted[4...].reduce(0, +) > 0
            }
            #expect(try Scrape(client).values("churn_log_lines_dropped_total") == [0])
        }

        @Test func `the process is what /proc says`() throws {
            let folder = "/proc/\(service.pid)"
            let scrape = try Scrape(client)
            try eventually("as many descriptors as there are") {
                let count = try output(of: ["ls", folder + "/fd"]).split(separator: "\n").count
                return try Scrape(client).values("process_open_fds") == [Double(count)]
            }
            let limit = try output(of: ["prlimit", "--pid", "\(service.pid)", "--nofile", "--noheadings", "-o", "SOFT"])
            #expect(scrape.values("process_max_fds") == [try #require(Double(limit.split { $0.isWhitespace }[0]))])
            let status = try output(of: ["cat", folder + "/status"]).split(separator: "\n")
            for (name, field) in [("resident", "VmRSS:"), ("virtual", "VmSize:")] {
                let line = try #require(status.first { $0.hasPrefix(field) })
                let bytes = try #require(line.split { $0.isWhitespace }.dropFirst().first.flatMap { Double($0) }) * 1024
                let told = scrape.sum("process_\(name)_memory_bytes")
                #expect(told > bytes / 2 && told < bytes * 2, "\(name): \(told), \(bytes)")
            }
            let processor = scrape.sum("process_cpu_seconds_total")
            #expect(processor > 0 && processor < 60)
            let now = Double(time(nil))
            let told = scrape.sum("process_start_time_seconds")
            #expect(told <= now + 1 && told > now - 60, "\(told), now \(now)")
        }

        @Test func `lines that standard error does not take are counted, and end nothing`() throws {
            let folder = try TemporaryFolder("churn-pipe", mode: 0o777)
            let pipe = folder.path + "/pipe"
            _ = try output(of: ["mkfifo", pipe])
            // Not for the service: a pipe with a reader left takes every line.
            let reader = unsafe open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            let model = try demoModel()
            let child = try ChildProcess(
                [churnBinary(), "serve", "--port", "0", "--workers", "1", "--model", model],
                environment: ["DATABASE_URL": postgres.connection()], errors: pipe)
            var log = ""
            let port = try eventually("the port", within: 20) {
                log += read(reader)
                return log.firstMatch(of: /"listening".*"port":([0-9]+)/).flatMap { UInt16($0.1) }
            }
            let client = try TestClient(port: port)
            try eventually("readiness") { try client.get("/health/ready").status == 200 }
            #expect(try Scrape(client).values("churn_log_lines_dropped_total") == [0])
            close(reader)
            child.send(SIGHUP)
            try eventually("a line to be dropped") { try Scrape(client).sum("churn_log_lines_dropped_total") > 0 }
            #expect(try client.post("/predict", customer("a")).status == 200)
            child.send(SIGTERM)
            #expect(try child.waitForExit(within: 30) == .code(0))
        }

        /// What a descriptor that does not block has now.
        private func read(_ descriptor: CInt) -> String {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
            return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
        }
    }
}
