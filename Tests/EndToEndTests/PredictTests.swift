import Foundation
import TestSupport
import Testing

extension EndToEnd.OneService {
    struct PredictTests {
        let client: TestClient
        let psql = RunningService.current.psql

        init() throws { client = try RunningService.client() }

        @Test func `an answer is a committed row, and is found again by its id`() throws {
            let answer = try client.post("/predict", customer("C-17"))
            try #require(answer.status == 200, "\(answer.text)")
            #expect(answer.header("Content-Type") == "application/json")
            let json = try answer.json()
            #expect(
                json.keys == [
                    "prediction_id", "customer_id", "probability", "churn", "risk", "threshold", "horizon_days",
                    "as_of", "model", "contributions", "base", "warnings", "created_at",
                ])
            let id = try #require(json["prediction_id"]?.string)
            let row = try psql.value(
                "SELECT customer_id, churn, risk, source, features::text FROM predictions WHERE id = '\(id)'")
            let churn = json["churn"] == .boolean(true) ? "t" : "f"
            let risk = try #require(json["risk"]?.string)
            #expect(row.hasPrefix("C-17|\(churn)|\(risk)|http|{"))

            let stored = try client.get("/predict/\(id)")
            try #require(stored.status == 200, "\(stored.text)")
            for key in ["prediction_id", "customer_id", "probability", "churn", "risk", "model", "created_at"] {
                #expect(try stored.json()[key] == json[key], "\(key)")
            }
        }

        @Test func `the probability in the table is bit for bit the one in the answer`() throws {
            let json = try client.post("/predict", customer("C-bits", check: "0.1")).json()
            let id = try #require(json["prediction_id"]?.string)
            let stored = try psql.value("SELECT probability FROM predictions WHERE id = '\(id)'")
            #expect(Double(stored)?.bitPattern == json["probability"]?.number?.bitPattern)
        }

        @Test func `contributions and base add up to the logit`() throws {
            let json = try client.post("/predict?record=false", customer("C-sum")).json()
            let probability = try #require(json["probability"]?.number)
            let contributions = try #require(json["contributions"]).elements
            #expect(contributions.count == 4)
            let sum = contributions.reduce(try #require(json["base"]?.number)) {
                $0 + ($1["contribution"]?.number ?? .nan)
            }
            #expect(abs(sum - log(probability / (1 - probability))) < 1e-12 * max(1, abs(sum)))
        }

        @Test func `the decision follows from the threshold`() throws {
            for days in stride(from: 0, through: 120, by: 5) {
                let json = try client.post("/predict?record=false", customer("C", days: "\(days)")).json()
                let probability = try #require(json["probability"]?.number)
                let threshold = try #require(json["threshold"]?.number)
                #expect(json["churn"] == .boolean(probability >= threshold))
                let risk = probability >= threshold ? "high" : probability >= threshold / 2 ? "medium" : "low"
                #expect(json["risk"] == .string(risk))
            }
        }

        @Test func `features may be an array in the order of the schema`() throws {
            let named = try client.post("/predict?record=false", customer("C-18")).json()
            let listed = try client.post(
                "/predict?record=false", #"{"customer_id":"C-18","features":[1.5,42.1,12,3]}"#
            ).json()
            #expect(listed["probability"] == named["probability"])
        }

        @Test func `a feature that was not given is replaced as the model says, and named`() throws {
            let answer = try client.post(
                "/predict", #"{"customer_id":"C-19","features":{"purchase_frequency":1.5,"average_check":null}}"#)
            try #require(answer.status == 200, "\(answer.text)")
            let warnings = try #require(answer.json()["warnings"]).elements
            #expect(warnings.count == 3, "\(answer.text)")
        }

        @Test func `the order of members does not matter, white space neither`() throws {
            let shuffled = """
                { "features" : {"services_used":3, "average_check":4.21e1,"days_since_last_activity":12.0,
                \t"purchase_frequency": 15E-1 }, "customer_id" : "C-\\u0031\\u0038" }
                """
            let answer = try client.post("/predict?record=false", shuffled)
            let plain = try client.post("/predict?record=false", customer("C-18"))
            #expect(try answer.json()["probability"] == plain.json()["probability"])
            #expect(try answer.json()["customer_id"] == .string("C-18"))
        }

        @Test(arguments: [20] as [UInt64])
        func `one order of members after another, some left out, gives what the array gives`(seed: UInt64) throws {
            var random = SeededGenerator(seed: seed)
            let names = ["purchase_frequency", "average_check", "days_since_last_activity", "services_used"]
            for _ in 0..<100 {
                let values = names.map { _ in
                    Bool.random(using: &random) ? nil : Int.random(in: 0...9, using: &random)
                }
                let members = zip(names, values).compactMap { name, value in value.map { "\"\(name)\":\($0)" } }
                let object = "{\(members.shuffled(using: &random).joined(separator: ","))}"
                let array = "[\(values.map { $0.map(String.init) ?? "null" }.joined(separator: ","))]"
                let answers = try [object, array].map { features in
                    try client.post("/predict?record=false", #"{"customer_id":"C","features":\#(features)}"#).json()
                }
                #expect(answers[0]["probability"] == answers[1]["probability"], "\(object)")
                #expect(answers[0]["contributions"] == answers[1]["contributions"], "\(object)")
            }
        }

        @Test func `a what-if is scored and not stored`() throws {
            let answer = try client.post("/predict?record=false", customer("C-what-if"))
            #expect(answer.status == 200)
            #expect(try psql.value("SELECT count(*) FROM predictions WHERE customer_id = 'C-what-if'") == "0")
            let recorded = try client.post("/predict", customer("C-what-if"))
            #expect(try answer.json()["probability"] == recorded.json()["probability"])
            #expect(try psql.value("SELECT count(*) FROM predictions WHERE customer_id = 'C-what-if'") == "1")
        }

        @Test func `ids grow with time on one connection, and name the time`() throws {
            let answers = try (0..<20).map { _ in try client.post("/predict", customer("C-order")).json() }
            let ids = answers.compactMap { $0["prediction_id"]?.string }
            #expect(ids.count == 20 && ids == ids.sorted() && Set(ids).count == 20)
            #expect(ids.allSatisfy { $0.dropFirst(14).first == "7" }, "UUID version 7")
        }

        @Test func `a customer's name goes through unharmed, whatever its letters`() throws {
            let names = [
                #"Ж\u00e9\"\\\/\b\f\n\r\t"#, #"\ud83d\ude00"#, "ключ-🙂", "'; DROP TABLE predictions; --", "{1,2}",
                "NULL", " ",
            ]
            for name in names {
                let answer = try client.post("/predict", customer(name))
                try #require(answer.status == 200, "\(name): \(answer.text)")
                let id = try #require(answer.json()["prediction_id"]?.string)
                let expected = try Document(Array(customer(name).utf8))["customer_id"]
                #expect(try answer.json()["customer_id"] == expected)
                #expect(try client.get("/predict/\(id)").json()["customer_id"] == expected)
            }
        }

        @Test func `without features the latest snapshot is used, when there is one and it is fresh`() throws {
            let missing = try client.post("/predict", #"{"customer_id":"C-nobody"}"#)
            try missing.expectProblem(404)
            _ = try psql.rows(
                """
                INSERT INTO feature_definitions (window_days, horizon_days, active_days, feature_set)
                  VALUES (90, 30, 30, 'demo') ON CONFLICT DO NOTHING;
                INSERT INTO feature_snapshots SELECT id, 'C-' || name, current_date - age, NULL,
                  '{"purchase_frequency":1.5,"average_check":42.1,"days_since_last_activity":12,"services_used":3}'
                  FROM feature_definitions, (VALUES ('fresh', 1), ('stale', 400)) AS who (name, age) LIMIT 2
                """)
            let fresh = try client.post("/predict", #"{"customer_id":"C-fresh"}"#)
            #expect(fresh.status == 200, "\(fresh.text)")
            #expect(try fresh.json()["as_of"]?.string?.count == 10)
            #expect(try fresh.json()["probability"] == client.post("/predict", customer("C")).json()["probability"])
            try client.post("/predict", #"{"customer_id":"C-stale"}"#).expectProblem(409)
        }

        @Test func `an unknown id is not found, and no id is a bad request`() throws {
            try client.get("/predict/01890a5d-ac96-774b-bcce-b302099a8057").expectProblem(404)
            let malformed = try client.get("/predict/17")
            #expect([400, 404].contains(malformed.status))
        }
    }
}
