import TestSupport
import Testing

extension EndToEnd {
    /// The network between the service and PostgreSQL loses every packet, and nobody is told.
    @Suite(.enabled(if: LossyRoute.isPossible, "routes cannot be changed here"))
    struct LossyRouteTests {
        private let folder: TemporaryFolder
        private let postgres: TemporaryPostgres
        private let psql: Psql
        private let route: LossyRoute

        init() throws {
            route = try LossyRoute()
            folder = try TemporaryFolder("churn-route", mode: 0o755)
            let access = folder.path + "/pg_hba.conf"
            try write(Array("local all all trust\nhost all all 127.64.0.0/10 trust\n".utf8), toFile: access)
            postgres = try TemporaryPostgres(settings: ["listen_addresses=\(route.server)", "hba_file=\(access)"])
            psql = Psql(postgres.connection())
        }

        /// How many connections over the route PostgreSQL knows of.
        private func backends() throws -> Int {
            let rows = try psql.rows("SELECT count(*) FROM pg_stat_activity WHERE client_addr IS NOT NULL")
            return rows.first.flatMap { Int($0) } ?? -1
        }

        @Test(arguments: LossyRoute.Direction.allCases)
        func `packets that get lost cost no row and no double, and both ends let go of their connections`(
            direction: LossyRoute.Direction
        ) throws {
            let address = "host=\(route.server) port=\(TemporaryPostgres.port) user=postgres dbname=postgres"
            let service = try ServiceProcess(databaseURL: address)
            try service.waitUntilReady()
            let load = Load(port: service.port, connections: 8, name: "R")
            try load.waitForMore(50)
            #expect(try backends() > 0)
            try route.lose(direction)
            try eventually("not ready", within: 15) { !service.isReady() }
            try eventually("refusals", within: 15) { load.refusedCount(503) > 20 }
            #expect(try service.client().post("/predict?record=false", customer("R-away")).status == 200)
            // While one is there it holds the lock of its writer, and what its commits have done is not known.
            try eventually("PostgreSQL to let go of the lost connections", within: 40) { try backends() == 0 }
            try route.heal()
            try load.waitForMore(50, within: 30)
            let record = load.stop()
            try record.expectExactlyOnce(in: psql, name: "R")
            #expect(record.broken.isEmpty, "\(record.broken)")
            #expect(Set(record.refused.keys).isSubset(of: [503]), "\(record.refused)")
            #expect(record.slowestSeconds < 6)
            #expect(try service.terminate() == .code(0))
        }
    }
}
