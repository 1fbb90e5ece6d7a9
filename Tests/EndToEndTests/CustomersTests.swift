import TestSupport
import Testing

extension EndToEnd {
    /// From raw events to a list of who is at risk, by the commands and routes that a company would use.
    struct CustomersTests {
        private let registry: Registry

        /// Made-up customers, loaded, looked at every 30 days, learnt from and scored.
        init() throws {
            registry = try Registry()
            let events = registry.folder.path + "/events.csv"
            _ = try output(
                of: [
                    churnBinary(), "simulate", "--customers", "2000", "--from", "2025-10-01", "--to", "2026-10-01",
                    "--seed", "5", "--output", events,
                ])
            _ = try registry.run("load", events)
            _ = try registry.run("features", "--from", "2026-01-04", "--to", "2026-10-01")
            let trained = try registry.run("train", "--from-database")
            #expect(trained["state"] == .string("candidate"))
        }

        private func promoteAndScore() throws -> Document {
            let promotion = try registry.run("promote", "--candidate", "--if-better")
            #expect(promotion["status"] == .string("done"), "\(promotion)")
            return try registry.run("score", "--as-of", "2026-10-01")
        }

        @Test func `evaluate shows what the gate says, and promote says the same`() throws {
            let page = registry.folder.path + "/report.html"
            let shown = try registry.run("evaluate", "--report", page)
            #expect(shown["gate"]?["passed"] == .boolean(true) && shown["gate"]?["first"] == .boolean(true))
            #expect(shown["baselines"]?["recency"]?["auc"]?.number != nil && shown["champion"] == .null)
            #expect(contents(ofFile: page).count > 10_000)
            let promotion = try registry.run("promote", "--candidate", "--if-better")
            #expect(promotion["gate"] == shown["gate"] && promotion["forced"] == .boolean(false))
            #expect(try registry.run("evaluate")["gate"] == .null, "the champion is not asked to beat itself")
        }

        @Test func `the customers of the last run come highest first, page by page, each once`() throws {
            let run = try promoteAndScore()
            let service = try registry.serve()
            let client = try service.client()
            for order in ["probability", "expected_loss"] {
                var seen: [Document] = []
                var target = "/customers?order=\(order)&limit=170"
                while true {
                    let answer = try client.get(target)
                    try #require(answer.status == 200, "\(target) \(answer.text)")
                    let page = try answer.json()
                    #expect(page["as_of"] == .string("2026-10-01") && page["model"] == run["version"])
                    seen += page["customers"]?.elements ?? []
                    guard let cursor = page["next_cursor"]?.string, seen.count < 5000 else { break }
                    target = "/customers?order=\(order)&limit=170&cursor=\(cursor)"
                    #expect(answer.header("Link")?.contains("limit=170&cursor=\(cursor)") == true)
                }
                let values = seen.compactMap { $0[order]?.number }
                #expect(values == values.sorted(by: >), "\(order)")
                #expect(Double(seen.count) == run["customers"]?.number)
                #expect(Set(seen.compactMap { $0["customer_id"]?.string }).count == seen.count)
            }
        }

        @Test func `customers are narrowed by risk, explained, and remember what was said before`() throws {
            let run = try promoteAndScore()
            let service = try registry.serve()
            let client = try service.client()
            for risk in ["high", "medium", "low"] {
                let page = try client.get("/customers?risk=\(risk)&limit=1000").json()
                let some = page["customers"]?.elements ?? []
                #expect(Double(some.count) == min(run["risk"]?[risk]?.number ?? -1, 1000))
                #expect(some.allSatisfy { $0["risk"] == .string(risk) && $0["previous_probability"] == .null })
            }
            let top = try #require(client.get("/customers?limit=1").json()["customers"]?.elements.first)
            let id = try #require(top["customer_id"]?.string)
            let stored = try client.get("/predict/\(top["prediction_id"]?.string ?? "")").json()
            #expect(top["reasons"]?.elements == stored["contributions"].map { Array($0.elements.prefix(3)) })
            #expect(stored["as_of"] == .string("2026-10-01") && stored["probability"] == top["probability"])
            // Another date is another run; what the first said is what was said before.
            let first = try client.get("/customers?limit=1").json()["summary"]
            #expect(first?["high"] == run["risk"]?["high"] && first?["high_change"] == .null)
            let sum = try registry.psql.value(
                "SELECT sum(expected_loss(probability, features)) FROM predictions WHERE churn")
            #expect(abs((first?["expected_loss"]?.number ?? 0) / (Double(sum) ?? 1) - 1) < 1e-9)
            let again = try registry.run("score", "--as-of", "2026-09-01")
            #expect(again["status"] == .string("done"))
            let earlier = try client.get("/customers?as_of=2026-09-01&limit=1000").json()
            let before = earlier["customers"]?.elements.first { $0["customer_id"]?.string == id }
            #expect(before == nil || before?["previous_probability"] == top["probability"])
            let latest = try client.get("/customers").json()
            #expect(latest["as_of"] == .string("2026-10-01"), "the latest date, not run")
            let change = (run["risk"]?["high"]?.number ?? 0) - (again["risk"]?["high"]?.number ?? 0)
            #expect(latest["summary"]?["high_change"] == .number(change))
            let csv = try client.get("/customers?limit=2", headers: ["Accept: text/csv"])
            #expect(csv.text.split(separator: "\r\n").count == 3 && csv.text.hasPrefix("customer_id,probability,"))
            #expect(csv.header("Link")?.contains("cursor=") == true)
        }

        @Test func `a customer's id alone is answered from the latest snapshot, unless that is stale`() throws {
            _ = try promoteAndScore()
            let service = try registry.serve()
            let client = try service.client()
            let id = try registry.psql.value(
                "SELECT customer_id FROM feature_snapshots WHERE as_of = '2026-10-01' LIMIT 1")
            let body = #"{"customer_id":"\#(id)"}"#
            try client.post("/predict", body).expectProblem(409)
            let stale = try client.post("/predict?allow_stale=true&record=false", body).json()
            #expect(stale["as_of"] == .string("2026-10-01"))
            let scored = try registry.psql.value("SELECT probability FROM predictions WHERE customer_id = '\(id)'")
            #expect(stale["probability"]?.number == Double(scored))
            try client.post("/predict", #"{"customer_id":"nobody"}"#).expectProblem(404)
        }

        @Test func `with a capacity the service flags whom the last run would have flagged`() throws {
            _ = try registry.run("train", "--from-database", "--threshold", "capacity=40")
            _ = try registry.run("promote", "--candidate")
            let service = try registry.serve()
            let client = try service.client()
            let rows = try registry.psql.rows(
                """
                SELECT jsonb_build_object('customer_id', customer_id, 'features', features) FROM feature_snapshots
                WHERE as_of = '2026-10-01' ORDER BY customer_id LIMIT 1000
                """)
            let body = "{\"instances\":[\(rows.joined(separator: ","))]}"
            func predictions() throws -> [Document] {
                try client.post("/predict", body).json()["predictions"]?.elements ?? []
            }
            // Before there is a run, the threshold of the file is the best that is known.
            #expect(Set(try predictions().compactMap { $0["threshold"]?.number }).count == 1)

            _ = try registry.run("score", "--as-of", "2026-10-01")
            let flagged = try registry.psql.rows(
                "SELECT customer_id FROM predictions WHERE source = 'score' AND churn ORDER BY customer_id")
            #expect(flagged.count == 40)
            var answers: [Document] = []
            try eventually(
                "the service to have heard of the run",
                holds: {
                    answers = try predictions()
                    return Set(answers.compactMap { $0["threshold"]?.number }).count > 1
                })
            // The request held the first thousand customers.
            let asked = Set(answers.compactMap { $0["customer_id"]?.string })
            let named = answers.filter { $0["churn"] == .boolean(true) }.compactMap { $0["customer_id"]?.string }
            #expect(named == flagged.filter(asked.contains) && named.count > 20)
            for answer in answers {
                let (p, threshold) = (answer["probability"]?.number ?? -1, answer["threshold"]?.number ?? -1)
                #expect((p >= threshold) == (answer["churn"] == .boolean(true)))
                #expect(answer["risk"]?.string == (p >= threshold ? "high" : p >= threshold / 2 ? "medium" : "low"))
            }
            // What was decided is on record, whatever a later run makes of it.
            for answer in [
                answers.first { $0["churn"] == .boolean(true) }, answers.first { $0["risk"] == .string("low") },
            ] {
                let id = answer?["prediction_id"]?.string ?? ""
                #expect(try client.get("/predict/\(id)").json() == answer)
            }
            let sql = "bool_and((probability >= threshold) = churn AND (risk = 'high') = churn)"
            #expect(try registry.psql.value("SELECT \(sql) FROM predictions") == "t")
        }

        @Test func `the summary counts what the table holds, and steps without predictions are there`() throws {
            let run = try promoteAndScore()
            let service = try registry.serve()
            let client = try service.client()
            let answer = try client.get("/history/summary?step=6h")
            let summary = try answer.json()
            let steps = summary["steps"]?.elements ?? []
            #expect(steps.count > 4 * 29 && steps.count <= 4 * 30, "today is the last day: \(steps.count)")
            #expect(summary["complete"] == .boolean(true) && steps.allSatisfy { $0["complete"] == .boolean(true) })
            #expect(steps.compactMap { $0["count"]?.number }.reduce(0, +) == run["scored"]?.number)
            #expect(steps.compactMap { $0["churned"]?.number }.reduce(0, +) == run["churn"]?.number)
            #expect(steps.first?["mean_probability"] == .null && steps.first?["count"] == .number(0))
            let sum = steps.reduce(0.0) { sum, step in
                sum + (step["mean_probability"]?.number ?? 0) * (step["count"]?.number ?? 0)
            }
            let mean = try #require(run["mean_probability"]?.number)
            #expect(abs(sum / (run["scored"]?.number ?? 1) - mean) < 1e-9)
        }
    }
}
