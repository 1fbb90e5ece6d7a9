import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// The listener for metrics and health.
    struct OperationsTests {
        @Test func `metrics and health have a port of their own, and metrics are nowhere else`() throws {
            let stand = try KeyStand(arguments: ["--admin-port", "0"])
            let admin = try stand.key("--scope", "admin")
            let operations = try TestClient(port: operationsPort(stand.service))
            let metrics = try operations.get("/metrics")
            #expect(metrics.status == 200 && metrics.text.contains("\nchurn_ready 1\n"))
            #expect(metrics.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
            let packed = try operations.get("/metrics", headers: ["Accept-Encoding: gzip"])
            #expect(try String(decoding: gunzipped(packed.body), as: UTF8.self).contains("churn_ready 1"))
            #expect(try operations.get("/health/live").text == "{\"status\":\"live\"}\n")
            #expect(
                try operations.get("/health/ready").text.hasPrefix("{\"status\":\"ready\",\"reasons\":[],\"model\":\""))
            #expect(try operations.request("HEAD", "/health/ready").status == 200)
            for path in ["/", "/history", "/model", "/openapi.json", "/x"] {
                try operations.get(path).expectProblem(404)
            }
            try operations.post("/predict", customer("no")).expectProblem(404)
            try operations.post("/metrics", "{}").expectProblem(405)
            #expect(try operations.request("OPTIONS", "*").header("Allow") == "GET, HEAD, POST, OPTIONS")
            try operations.send("OPTIONS * HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")
            #expect(try operations.receiveAnswer().status == 100)
            try operations.send("a")
            #expect(try operations.receiveAnswer().status == 200)
            let client = try stand.service.client()
            try client.get("/metrics", headers: [bearer(admin)]).expectProblem(404)
            #expect(try client.get("/health/ready").status == 200)
            #expect(try stand.service.terminate() == .code(0))
        }

        @Test func `it says that the service ends while callers are still answered`() throws {
            let postgres = try TemporaryPostgres()
            let service = try ServiceProcess(
                databaseURL: postgres.connection(), arguments: ["--admin-port", "0"])
            try service.waitUntilReady()
            let operations = try operationsPort(service)
            let client = try service.client()
            let psql = Psql(postgres.connection())
            // A caller whose commit waits keeps the drain going.
            let blocker = try ChildProcess([
                "psql", "--no-psqlrc", postgres.connection(), "-c",
                "BEGIN; LOCK TABLE predictions IN EXCLUSIVE MODE; SELECT pg_sleep(60)",
            ])
            try eventually("the lock") {
                try psql.value("SELECT count(*) FROM pg_locks WHERE mode = 'ExclusiveLock' AND relation IS NOT NULL")
                    != "0"
            }
            try client.send(
                requestBytes(
                    "POST", "/predict", headers: ["Content-Type: application/json"], body: Array(customer("d").utf8)))
            try eventually("the row to wait") {
                try psql.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") != "0"
            }
            service.child.send(SIGTERM)
            try eventually("not ready, while the drain goes on") {
                try TestClient(port: operations).get("/health/ready").text.contains("is stopping")
            }
            blocker.send(SIGKILL)
            #expect([200, 503].contains(try client.receiveAnswer().status))
            #expect(try service.child.waitForExit(within: 30) == .code(0))
        }

        @Test func `neither listener is for other machines without keys`() throws {
            let result = try runCommand(
                [churnBinary(), "serve", "--admin-port", "0", "--admin-host", "0.0.0.0"],
                environment: ["DATABASE_URL": TemporaryPostgres.shared.connection()])
            #expect(result.exit == .code(78) && result.errors.contains("--admin-host"))
        }
    }
}

/// The port for operations that the log names.
func operationsPort(_ service: ServiceProcess) throws -> UInt16 {
    let line = try #require(service.log.split(separator: "\n").first { $0.contains(#""listening for operations""#) })
    return try #require(line.firstMatch(of: /"port":([0-9]+)/).flatMap { UInt16($0.1) })
}
