import Glibc
import TestSupport
import Testing

extension EndToEnd {
    struct ConnectionLimitTests {
        @Test func `a client for whom there is no descriptor left gets a problem document`() throws {
            let service = try ServiceProcess(databaseURL: TemporaryPostgres.shared.makeDatabase(), workers: 1)
            try service.waitUntilReady()
            let first = try service.client()
            #expect(try first.get("/health/live").status == 200)
            // No number below the lowest free one is free, so the next client finds none.
            let folder = "/proc/\(service.pid)/fd"
            let numbers = try output(of: ["ls", folder]).split(separator: "\n").compactMap { Int($0) }
            let limit = try #require((0...).first { !numbers.contains($0) })
            _ = try output(of: ["prlimit", "--pid", "\(service.pid)", "--nofile=\(limit):\(limit)"])
            let second = try service.client()
            let answer = try second.receiveAnswer()
            try answer.expectProblem(503)
            #expect(answer.header("Retry-After") == "1")
            #expect(answer.header("Connection") == "close")
            #expect(try answer.json()["type"]?.string == "urn:churn:problem:too-many-connections")
            #expect(second.isEnded())
            #expect(try first.get("/health/live").status == 200)
            let scrape = try Scrape(first)
            #expect(scrape.values("churn_http_connections_refused_total", #"reason="descriptors""#) == [1])
            #expect(scrape.values("churn_http_connections_refused_total", #"reason="connection_limit""#) == [0])
        }

        @Test func `clients take no descriptor that PostgreSQL is reached with`() throws {
            let psql = Psql(try TemporaryPostgres.shared.makeDatabase())
            let service = try ServiceProcess(
                databaseURL: psql.connection, workers: 1, wrappedBy: ["prlimit", "--nofile=128"])
            try service.waitUntilReady()
            var kept: [TestClient] = []
            while kept.count < 128 {
                let client = try service.client()
                guard try client.get("/health/live").status == 200 else { break }
                kept.append(client)
            }
            #expect(kept.count < 128)
            // The connections to PostgreSQL go, and a crowd is there before the new ones are made.
            service.child.send(SIGSTOP)
            _ = try psql.rows(
                """
                SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity \
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """)
            let crowd = try (0..<64).map { _ in try service.client() }
            service.child.send(SIGCONT)
            try eventually("a prediction to be stored") {
                try kept[0].post("/predict", customer("kept")).status == 200
            }
            let refused = try Scrape(kept[0]).values("churn_http_connections_refused_total", #"reason="descriptors""#)
            #expect(refused[0] > 1 && Int(refused[0]) <= crowd.count + 1)
            #expect(try psql.value("SELECT count(*) FROM predictions") == "1")
        }

        @Test func `a client above the limit of connections is counted, whichever listener turns it away`() throws {
            let service = try ServiceProcess(
                databaseURL: TemporaryPostgres.shared.makeDatabase(), workers: 1, arguments: ["--admin-port", "0"])
            try service.waitUntilReady()
            let operations = try operationsPort(service)
            // As many as the listener for operations keeps; each is there once it has been answered.
            let kept = try (0..<64).map { _ in try TestClient(port: operations) }
            for client in kept { #expect(try client.get("/health/live").status == 200) }
            for _ in 0..<2 { try TestClient(port: operations).receiveAnswer().expectProblem(503) }
            let scrape = try Scrape(kept[0])
            #expect(scrape.values("churn_http_connections_refused_total", #"reason="connection_limit""#) == [2])
            #expect(scrape.values("churn_http_connections_refused_total", #"reason="descriptors""#) == [0])
        }

        /// It would stand still for each doubling of the table that a crowd makes necessary.
        @Test func `there is room for the descriptors of all clients from the start`() throws {
            let service = try ServiceProcess(databaseURL: TemporaryPostgres.shared.makeDatabase(), workers: 1)
            try service.waitUntilReady()
            let status = try output(of: ["cat", "/proc/\(service.pid)/status"]).split(separator: "\n")
            let line = try #require(status.first { $0.hasPrefix("FDSize:") })
            let size = try #require(line.split(separator: "\t").last.flatMap { Int($0) })
            let limit = try #require(Int(try output(of: ["sh", "-c", "ulimit -Hn"]).split(separator: "\n")[0]))
            #expect(size >= min(10_000, limit))
        }
    }
}
