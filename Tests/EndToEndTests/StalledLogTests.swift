import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// Whoever reads the log may stop reading it.
    struct StalledLogTests {
        @Test func `a log that nobody reads costs lines, not answers`() throws {
            let folder = try TemporaryFolder("churn-stalled", mode: 0o777)
            let pipe = folder.path + "/log"
            try #require(unsafe mkfifo(pipe, 0o666) == 0)
            // Ours is open for both, so that neither side waits for the other to open it.
            let ours = unsafe open(pipe, O_RDWR | O_NONBLOCK | O_CLOEXEC)
            defer { close(ours) }
            let database = try TemporaryPostgres.shared.makeDatabase()
            let port = try freePort()
            let service = try ChildProcess(
                [churnBinary(), "serve", "--port", "\(port)", "--workers", "1"],
                environment: ["DATABASE_URL": database, "CHURN_MODEL": try demoModel()], directory: folder.path,
                errors: pipe)
            let client = try eventually("readiness", within: 20) {
                let client = try? TestClient(port: port)
                return (try? client?.get("/health/ready").status) == 200 ? client : nil
            }
            fill(ours)

            // Each is refused by PostgreSQL, which is worth a line.
            _ = try Psql(database).rows("ALTER TABLE predictions ADD CONSTRAINT wanted CHECK (customer_id <> 'C-17')")
            for _ in 0..<10 { #expect(try client.post("/predict", customer("C-17")).status == 422) }
            #expect(try client.post("/predict", customer("C-18")).status == 200)
            let dropped = try client.get("/metrics").text.split(separator: "\n")
                .first { $0.hasPrefix("churn_log_lines_dropped_total ") }
            #expect(dropped == "churn_log_lines_dropped_total 10")
            service.send(SIGTERM)
            #expect(try service.waitForExit(within: 30) == .code(0))
        }

        /// Leaves no room for another octet.
        private func fill(_ descriptor: CInt) {
            let page = [UInt8](repeating: 0x0A, count: 4096)
            while unsafe write(descriptor, page, page.count) > 0 {}
            while unsafe write(descriptor, page, 1) > 0 {}
        }
    }
}
