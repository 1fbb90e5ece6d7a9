import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// PostgreSQL's disk has faults (`Tests/Disk/faulty.c`).
    struct DiskTests {
        private let disk: TemporaryFolder
        private let postgres: TemporaryPostgres
        private let psql: Psql
        private let service: ServiceProcess

        init() throws {
            disk = try TemporaryFolder("churn-disk", mode: 0o777)
            let library = disk.path + "/faulty.so"
            _ = try output(of: ["cc", "-shared", "-fPIC", "\(repositoryFolder)/Tests/Disk/faulty.c", "-o", library])
            postgres = try TemporaryPostgres(environment: ["LD_PRELOAD": library, "FAULTY_DISK": disk.path])
            psql = Psql(try postgres.makeDatabase())
            service = try ServiceProcess(databaseURL: psql.connection)
            try service.waitUntilReady()
        }

        private func fault(_ name: String) -> String { "\(disk.path)/\(name)" }

        @Test func `a full disk takes nothing, which callers are told, and is used again when there is room`() throws {
            let load = Load(port: service.port, connections: 8, name: "D")
            try load.waitForMore(50)
            try write([], toFile: fault("full"))
            // What the files have already is used up first.
            try eventually("refusals", within: 30) { load.refusedCount(503) > 20 }
            // One row may still fit where a batch of them did not.
            var refused = try service.client().post("/predict", customer("D-full"))
            try eventually("a refusal of one row") {
                if refused.status == 200 { refused = try service.client().post("/predict", customer("D-full")) }
                return refused.status != 200
            }
            try refused.expectProblem(503)
            #expect(refused.header("Retry-After") != nil)
            #expect(try service.client().post("/predict?record=false", customer("D-full")).status == 200)
            #expect(postgres.log.contains("No space left on device"))
            try #require(unsafe unlink(fault("full")) == 0)
            try load.waitForMore(50)
            try expectTruth(load)
        }

        @Test func `a flush that fails is a crash of PostgreSQL, and costs nothing that was acknowledged`() throws {
            let load = Load(port: service.port, connections: 8, name: "D")
            for _ in 0..<3 {
                try load.waitForMore(50)
                try write([], toFile: fault("broken"))
                try eventually("a flush to fail") { unsafe access(fault("broken"), F_OK) != 0 }
                try load.waitForMore(50, within: 30)
            }
            #expect(postgres.log.contains("PANIC"))
            try expectTruth(load)
        }

        private func expectTruth(_ load: Load) throws {
            let record = load.stop()
            try record.expectExactlyOnce(in: psql, name: "D")
            #expect(record.broken.isEmpty && record.hung == 0, "\(record.broken)")
            #expect(Set(record.refused.keys).isSubset(of: [503]), "\(record.refused)")
            #expect(try service.terminate() == .code(0))
        }
    }
}
