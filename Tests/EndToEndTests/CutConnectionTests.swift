import TestSupport
import Testing

extension EndToEnd {
    /// The connection to PostgreSQL ends between a batch's Sync and its result.
    struct CutConnectionTests {
        let postgres: TemporaryPostgres
        let psql: Psql
        let proxy: CuttingProxy
        let service: ServiceProcess

        init() throws {
            postgres = try TemporaryPostgres()
            psql = Psql(postgres.connection())
            proxy = try CuttingProxy(upstream: postgres.socket)
            service = try ServiceProcess(databaseURL: proxy.location + " user=postgres dbname=postgres")
            try service.waitUntilReady()
        }

        @Test(arguments: [CuttingProxy.Plan.cutAfterSync, .cutAfterCommit, .cutBeforeSync])
        func `there is one row in the end, and the caller was told the truth`(plan: CuttingProxy.Plan) throws {
            for round in 0..<5 {
                let name = "cut-\(round)"
                proxy.arm(plan, marker: name)
                let answer = try service.client().post("/predict", customer(name))
                #expect(proxy.cuts == round + 1)
                #expect([200, 503].contains(answer.status), "\(answer.text)")
                let id = try #require(answer.json()["prediction_id"]?.string)
                try eventually("the row", within: 15) {
                    try psql.rows("SELECT id FROM predictions WHERE customer_id = '\(name)'") == [id]
                }
                #expect(try service.client().post("/predict", customer("next-\(round)")).status == 200)
            }
            #expect(try psql.value("SELECT count(*) FROM predictions WHERE customer_id LIKE 'cut-%'") == "5")
        }

        /// Each worker keeps a batch in flight and two of requests behind it; all that goes beyond is refused at once.
        @Test func `while PostgreSQL is silent only so many requests wait, and the others are refused at once`() throws
        {
            proxy.setSilent(true)
            let (clients, pipelined, waitingMax) = (500, 16, 2 * 3 * 1_024)
            // Made before, sent at once: who is told after two seconds makes room for others.
            let all = try (0..<clients).map { number in
                let request = requestBytes(
                    "POST", "/predict", headers: ["Content-Type: application/json"],
                    body: Array(customer("silent-\(number)").utf8))
                return (
                    client: try service.client(), requests: Array(repeatElement(request, count: pipelined).joined())
                )
            }
            let start = monotonicSeconds()
            for (client, requests) in all { try client.send(requests) }
            var kinds: [String: Int] = [:]
            for (client, _) in all {
                for _ in 0..<pipelined {
                    let answer = try client.receiveAnswer()
                    #expect(answer.status == 503 && answer.header("Retry-After") != nil)
                    kinds[try answer.json()["type"]?.string ?? "", default: 0] += 1
                }
            }
            #expect(monotonicSeconds() - start < 15)
            let refused = kinds.first { $0.key.hasSuffix("overloaded") }?.value ?? 0
            #expect(refused >= clients * pipelined - waitingMax, "\(kinds)")
            proxy.setSilent(false)
            try eventually("service again", within: 15) {
                try service.client().post("/predict", customer("silent-after")).status == 200
            }
        }

        @Test func `a PostgreSQL that is far away gets larger batches, and nobody is refused`() throws {
            proxy.setDelay(milliseconds: 50)
            let load = Load(port: service.port, connections: 64, name: "far")
            try load.waitForMore(2_000, within: 60)
            let record = load.stop()
            #expect(record.refused.isEmpty && record.broken.isEmpty, "\(record.refused) \(record.broken)")
            try record.expectExactlyOnce(in: psql, name: "far")
            let lines = try service.client().get("/metrics").text.split(separator: "\n")
            let rows = ["sum", "count"].compactMap { part in
                lines.first { $0.hasPrefix("churn_commit_rows_\(part) ") }?.split(separator: " ").last
            }.compactMap { Double($0) }
            try #require(rows.count == 2)
            #expect(rows[0] / rows[1] > 8, "\(rows[0]) rows in \(rows[1]) commits")
        }

        @Test func `a PostgreSQL that hangs costs a caller two seconds, and is left after five`() throws {
            let client = try service.client()
            #expect(try client.post("/predict", customer("hang-before")).status == 200)
            proxy.setSilent(true)
            let start = monotonicSeconds()
            let answer = try client.post("/predict", customer("hang"))
            try answer.expectProblem(503)
            #expect((1.5...4).contains(monotonicSeconds() - start))
            #expect(try client.post("/predict?record=false", customer("hang")).status == 200)
            proxy.setSilent(false)
            try eventually("service again", within: 10) {
                try client.post("/predict", customer("hang-after")).status == 200
            }
            try eventually("the row, once", within: 15) {
                try psql.value("SELECT count(*) FROM predictions WHERE customer_id = 'hang'") == "1"
            }
        }
    }
}
