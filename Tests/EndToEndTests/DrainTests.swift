import Glibc
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

        @Test func `SIGHUP to a service that is ending does not end it sooner`() throws {
            let service = try ServiceProcess(databaseURL: try TemporaryPostgres.shared.makeDatabase())
            try service.waitUntilReady()
            let (client, body) = (try service.client(), customer("hup"))
            try client.send(
                "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n")
            service.child.send(SIGTERM)
            try eventually("its end to begin") { service.log.contains("stopping") }
            service.child.send(SIGHUP)
            try eventually("the signal to be taken") { try !isPending(SIGHUP, at: service.child.pid) }
            try client.send(body)
            #expect(try client.receiveAnswer().status == 200)
            #expect(try service.child.waitForExit(within: 20) == .code(0))
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

/// Whether a signal waits for a process to take it (proc(5)).
private func isPending(_ signal: CInt, at process: pid_t) throws -> Bool {
    let status = try output(of: ["cat", "/proc/\(process)/status"]).split(separator: "\n")
    let pending = try #require(status.first { $0.hasPrefix("ShdPnd:") }?.split(separator: "\t").last)
    return try #require(UInt64(pending, radix: 16)) & 1 << UInt64(signal - 1) != 0
}
