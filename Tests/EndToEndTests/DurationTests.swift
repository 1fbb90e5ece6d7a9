import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// How long requests took, by the metrics, against the client's own clock.
    struct DurationTests {
        private let database: String
        private let service: ServiceProcess
        private let client: TestClient

        private let seconds = "churn_http_request_duration_seconds"
        private let route = #"route="/predict""#

        init() throws {
            database = try TemporaryPostgres.shared.makeDatabase()
            service = try ServiceProcess(databaseURL: database, workers: 1)
            try service.waitUntilReady()
            client = try service.client()
        }

        @Test func `an answer that waits for nothing has taken some time, and less than its client waited`() throws {
            let began = monotonicSeconds()
            for _ in 0..<20 { #expect(try client.post("/predict?record=false", customer("w")).status == 200) }
            let waited = monotonicSeconds() - began
            let scrape = try Scrape(client)
            #expect(scrape.values(seconds + "_count", route) == [20])
            // Parsing and scoring take some microseconds, and no clock is that coarse.
            let sum = scrape.sum(seconds + "_sum", route)
            #expect(sum > 20 * 1e-6 && sum < waited, "\(sum) of \(waited)")
            scrape.expectBucketsAddUp(seconds, route)
        }

        @Test func `what a client takes to send its body is not in it, also where it was told to go on`() throws {
            let body = customer("e")
            try client.send(
                """
                POST /predict?record=false HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\
                Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n
                """)
            #expect(try client.receiveAnswer().status == 100)
            let told = monotonicSeconds()
            try eventually("a while to go by") { monotonicSeconds() > told + 0.3 }
            let began = monotonicSeconds()
            try client.send(body)
            #expect(try client.receiveAnswer().status == 200)
            let waited = monotonicSeconds() - began
            let scrape = try Scrape(client)
            #expect(scrape.values(seconds + "_count", route) == [1])
            let sum = scrape.sum(seconds + "_sum", route)
            #expect(sum > 0 && sum < waited, "\(sum) of \(waited)")
        }

        @Test func `an answer that waits for its commit has taken as long as the commit was held up`() throws {
            let psql = Psql(database)
            let blocker = try ChildProcess([
                "psql", "--no-psqlrc", database, "-c",
                "BEGIN; LOCK TABLE predictions IN EXCLUSIVE MODE; SELECT pg_sleep(60)",
            ])
            defer { blocker.send(SIGKILL) }
            try eventually("the lock") {
                try psql.value(
                    """
                    SELECT count(*) FROM pg_locks
                    WHERE granted AND mode = 'ExclusiveLock' AND relation = 'predictions'::regclass
                    """) != "0"
            }
            let began = monotonicSeconds()
            try client.send(
                requestBytes(
                    "POST", "/predict", headers: ["Content-Type: application/json"], body: Array(customer("d").utf8)))
            let isWaiting = """
                SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
                """
            try eventually("the row to wait") { try psql.value(isWaiting) != "0" }
            let seen = monotonicSeconds()
            try eventually("a while to go by") { monotonicSeconds() > seen + 0.3 }
            let held = monotonicSeconds() - seen
            _ = try psql.value(
                """
                SELECT pg_terminate_backend(pid) FROM pg_locks
                WHERE mode = 'ExclusiveLock' AND relation = 'predictions'::regclass
                """)
            #expect(try client.receiveAnswer().status == 200)
            let waited = monotonicSeconds() - began
            let scrape = try Scrape(client)
            #expect(scrape.values(seconds + "_count", route) == [1])
            let sum = scrape.sum(seconds + "_sum", route)
            #expect(sum >= held && sum < waited, "\(sum), held up for \(held), of \(waited)")
            scrape.expectBucketsAddUp(seconds, route)
        }
    }
}
