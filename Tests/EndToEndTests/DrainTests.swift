import TestSupport
import Testing

extension EndToEnd {
    struct DrainTests {
        @Test func `SIGTERM under load fails no request and ends with 0`() throws {
            let psql = Psql(try TemporaryPostgres.shared.makeDatabase())
            for round in 0..<5 {
                let service = try ServiceProcess(databaseURL: psql.connection)
                try service.waitUntilReady()
                let load = Load(port: service.port, connections: 16, name: "D-\(round)")
                try load.waitForMore(100)
                #expect(try service.terminate() == .code(0), "\(service.log)")
                let record = load.stop()
                #expect(
                    record.broken.isEmpty && record.refused.isEmpty,
                    "\(record.broken) broken, refused \(record.refused)")
                try record.expectExactlyOnce(in: psql, name: "D-\(round)")
            }
        }

        @Test func `a second SIGTERM ends at once`() throws {
            let psql = Psql(try TemporaryPostgres.shared.makeDatabase())
            let service = try ServiceProcess(databaseURL: psql.connection)
            try service.waitUntilReady()
            let client = try service.client()
            try client.send("POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n")
            service.child.send(15)
            // Two signals that are pending at once are one.
            try eventually("the first one to be noticed") { service.log.contains("stopping") }
            service.child.send(15)
            #expect(throws: Never.self) { try service.child.waitForExit(within: 5) }
        }

        @Test func `writers are closed by the end, so that nobody has to look after them`() throws {
            let psql = Psql(try TemporaryPostgres.shared.makeDatabase())
            let service = try ServiceProcess(databaseURL: psql.connection)
            try service.waitUntilReady()
            #expect(try service.client().post("/predict", customer("W")).status == 200)
            #expect(try service.terminate() == .code(0))
            #expect(try psql.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == "0")
        }
    }
}
