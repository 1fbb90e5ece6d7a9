import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// The service gets no processor for longer than its callers, its commits and its connections may wait.
    struct StarvedTests {
        @Test func `a service that stands still for six seconds under load tells everybody the truth afterwards`()
            throws
        {
            let psql = Psql(try TemporaryPostgres.shared.makeDatabase())
            let service = try ServiceProcess(databaseURL: psql.connection)
            try service.waitUntilReady()
            let load = Load(port: service.port, connections: 8, name: "S")
            try load.waitForMore(50)
            service.child.send(SIGSTOP)
            let stopped = monotonicSeconds()
            try eventually("six seconds to pass", within: 10) { monotonicSeconds() - stopped > 6 }
            service.child.send(SIGCONT)
            try load.waitForMore(50)
            let record = load.stop()
            try record.expectExactlyOnce(in: psql, name: "S")
            #expect(record.broken.isEmpty && record.hung == 0, "\(record.broken)")
            #expect(Set(record.refused.keys).isSubset(of: [503]), "\(record.refused)")
            #expect(try service.terminate() == .code(0))
        }
    }
}
