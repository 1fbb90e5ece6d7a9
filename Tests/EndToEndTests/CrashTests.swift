import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// The service dies at any moment; what it said before was true.
    struct CrashTests {
        @Test func `thirty kills under load lose nothing that was acknowledged and store nothing twice`() throws {
            let seed: UInt64 = 20_260_101
            var random = SeededGenerator(seed: seed)
            let psql = Psql(try TemporaryPostgres.shared.makeDatabase())
            var told = Load.Record()
            for round in 0..<30 {
                let service = try ServiceProcess(databaseURL: psql.connection)
                try service.waitUntilReady()
                let load = Load(port: service.port, connections: 8, name: "K-\(round)")
                try load.waitForMore(1)
                poll(nil, 0, CInt.random(in: 0...250, using: &random))
                service.kill()
                let record = load.stop()
                told.acknowledged.merge(record.acknowledged) { first, _ in first }
                told.hung += record.hung
                #expect(record.refused.isEmpty, "round \(round) of seed \(seed)")
            }
            try told.expectExactlyOnce(in: psql, name: "K")
            #expect(told.acknowledged.count >= 30)
        }
    }
}
