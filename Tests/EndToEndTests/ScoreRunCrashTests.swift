import Glibc
import TestSupport
import Testing

extension EndToEnd {
    struct ScoreRunCrashTests {
        private let registry: Registry
        private static let customers = 20_000

        /// Twenty thousand snapshots and the demo model, which is trained on such.
        init() throws {
            registry = try Registry()
            let service = try ServiceProcess(databaseURL: registry.database)
            try service.waitUntilReady()
            #expect(try service.terminate() == .code(0))
            _ = try registry.run("promote", "--candidate")
            _ = try registry.psql.rows(
                """
                INSERT INTO feature_definitions (window_days, horizon_days, active_days, feature_set)
                    VALUES (90, 30, 30, 'standard');
                INSERT INTO snapshot_dates VALUES (1, '2026-11-22', \(Self.customers), 0, NULL);
                INSERT INTO feature_snapshots (definition, customer_id, as_of, features)
                    SELECT 1, 'c' || i, '2026-11-22', jsonb_build_object('purchase_frequency', i % 7 / 3.0,
                        'average_check', i % 90 + 0.25, 'days_since_last_activity', i % 30, 'services_used', i % 5)
                    FROM generate_series(1, \(Self.customers)) AS i
                """)
        }

        @Test func `a run that is killed again and again goes on where it was: each customer once`() throws {
            let command = [churnBinary(), "score", "--as-of", "2026-11-22", "--database-url", registry.database]
            for part in 1...3 {
                let child = try ChildProcess(command)
                let goal = part * Self.customers / 5
                try eventually("\(goal) customers", within: 60) {
                    let scored = try registry.psql.value("SELECT coalesce(sum(scored), 0) FROM scoring_runs")
                    return (Int(scored) ?? 0) >= goal
                }
                child.send(SIGKILL)
                _ = try child.waitForExit(within: 10)
            }
            let before = try registry.psql.value("SELECT count(*) FROM predictions")
            #expect(Int(before) ?? 0 < Self.customers, "it was killed half-way")
            let done = try registry.run("score", "--as-of", "2026-11-22")
            #expect(done["status"] == .string("done") && done["customers"] == .number(Double(Self.customers)))
            let (scored, already) = (done["scored"]?.number ?? 0, done["already"]?.number ?? 0)
            #expect(scored + already == Double(Self.customers) && already > 0 && scored > 0)
            let rows = try registry.psql.value(
                "SELECT count(*), count(DISTINCT customer_id), count(DISTINCT id) FROM predictions")
            #expect(rows == "\(Self.customers)|\(Self.customers)|\(Self.customers)")
            let again = try registry.run("score", "--as-of", "2026-11-22", "--exit-code", exit: 10)
            #expect(again["status"] == .string("unchanged"))
        }

        @Test func `a stored score is the one over HTTP, to the last bit`() throws {
            _ = try registry.run("score", "--as-of", "2026-11-22", "--no-events")
            let service = try registry.serve()
            let client = try service.client()
            let rows = try registry.psql.rows(
                "SELECT id, customer_id, probability, features FROM predictions WHERE customer_id IN ('c3', 'c88', 'c19999')"
            )
            #expect(rows.count == 3)
            for row in rows {
                let columns = row.split(separator: "|").map(String.init)
                let body = #"{"customer_id":"\#(columns[1])","features":\#(columns[3])}"#
                let answer = try client.post("/predict?record=false", body).json()
                #expect(answer["probability"]?.number == Double(columns[2]))
                let stored = try client.get("/predict/\(columns[0])").json()
                #expect(stored["probability"] == answer["probability"])
                #expect(stored["contributions"] == answer["contributions"])
            }
        }
    }
}
