import TestSupport
import Testing

extension EndToEnd {
    /// A model that was trained from the command line and lets nothing be missing.
    struct StrictModelTests {
        private let folder: TemporaryFolder
        private let service: ServiceProcess

        init() throws {
            folder = try TemporaryFolder("churn-strict", mode: 0o755)
            try write(table().utf8, toFile: folder.path + "/table.csv")
            _ = try output(
                of: [
                    churnBinary(), "train", "--csv", "table.csv", "--label", "left", "--positive", "yes", "--id",
                    "name",
                    "--missing", "visits=refuse", "--missing", "plan=refuse", "--unseen", "refuse",
                    "--output", "model.json",
                ], directory: folder.path)
            service = try ServiceProcess(
                databaseURL: TemporaryPostgres.shared.makeDatabase(), model: folder.path + "/model.json")
            try service.waitUntilReady()
        }

        @Test(arguments: [
            (#"{"visits":3}"#, ["/features/plan"]), (#"{"plan":"basic"}"#, ["/features/visits"]),
            ("{}", ["/features/plan", "/features/visits"]),
            (#"{"visits":null,"plan":null}"#, ["/features/plan", "/features/visits"]),
            (#"{"visits":3,"plan":"golden"}"#, ["/features/plan"]), (#"{"visits":3,"plan":7}"#, ["/features/plan"]),
            (#"{"visits":3,"plan":"ba\u0000sic"}"#, ["/features/plan"]),
        ])
        func `what is missing or never seen is a fault, each once`(features: String, pointers: [String]) throws {
            let answer = try service.client().post("/predict", #"{"customer_id":"a","features":\#(features)}"#)
            #expect(try answer.faults().sorted() == pointers)
        }

        @Test func `words and numbers are told apart, in both forms of a request`() throws {
            let client = try service.client()
            let named = try client.post(
                "/predict", #"{"customer_id":"a","features":{"visits":3,"plan":"pl\u0075s"}}"#)
            try #require(named.status == 200, "\(named.text)")
            let listed = try client.post("/predict", #"{"customer_id":"a","features":[3,"plus"]}"#)
            #expect(try listed.json()["probability"] == named.json()["probability"])
            let other = try client.post("/predict", #"{"customer_id":"a","features":[3,"basic"]}"#)
            #expect(try other.json()["probability"] != named.json()["probability"])
        }
    }
}

extension EndToEnd {
    /// A model that takes what it has never seen, says so, and counts it.
    struct LenientModelTests {
        private let folder: TemporaryFolder
        private let service: ServiceProcess
        private let psql: Psql

        init() throws {
            folder = try TemporaryFolder("churn-lenient", mode: 0o755)
            let database = try TemporaryPostgres.shared.makeDatabase()
            psql = Psql(database)
            try write(table().utf8, toFile: folder.path + "/table.csv")
            _ = try output(
                of: [
                    churnBinary(), "train", "--csv", "table.csv", "--label", "left", "--positive", "yes", "--id",
                    "name", "--output", "model.json",
                ], directory: folder.path)
            service = try ServiceProcess(databaseURL: database, model: folder.path + "/model.json")
            try service.waitUntilReady()
        }

        @Test func `a level never seen adds nothing, is named in the answer and counted once it is stored`() throws {
            let client = try service.client()
            let body = #"{"customer_id":"a","features":{"visits":3,"plan":"golden"}}"#
            let answer = try client.post("/predict", body).json()
            let warning = answer["warnings"]?[0]
            #expect(warning?["feature"] == .string("plan") && warning?["code"] == .string("unseen-level"))
            let plan = answer["contributions"]?.elements.first { $0["feature"] == .string("plan") }
            #expect(plan?["value"] == .string("golden") && plan?["contribution"] == .number(0))
            _ = try client.post("/predict", batch([#"{"customer_id":"b","features":[1,"plus"]}"#, body, body]))
            _ = try client.post("/predict?record=false", body)
            #expect(try client.get("/metrics").text.contains("\nchurn_unseen_levels_total 3\n"))
        }

        @Test func `a level never seen is data: it is in the answer and in the row, and nowhere else`() throws {
            let client = try service.client()
            let canaries = Canaries()
            let levels = [
                canaries.make(), "'; DROP TABLE predictions; --", "$1", #"{"a"}"#, "NULL", "%s%n", #"E'\\x'"#,
                "\u{202E}x",
            ]
            for level in levels {
                let text = Document.string(level).json
                let answer = try client.post(
                    "/predict", #"{"customer_id":"a","features":{"visits":3,"plan":\#(text)}}"#
                ).json()
                let plan = answer["contributions"]?.elements.first { $0["feature"] == .string("plan") }
                #expect(plan?["value"] == .string(level))
                let id = try #require(answer["prediction_id"]?.string)
                #expect(try psql.value("SELECT features->>'plan' FROM predictions WHERE id = '\(id)'") == level)
                #expect(try client.get("/predict/\(id)").json()["contributions"] == answer["contributions"], "\(level)")
            }
            let others = try psql.rows("SELECT (to_jsonb(p) - 'features')::text FROM predictions AS p")
            #expect(others.count == levels.count && canaries.found(in: others.joined()) == [])
            #expect(try canaries.found(in: client.get("/metrics").text) == [])
            #expect(canaries.found(in: service.log) == [])
        }
    }
}

/// Sixty customers: who visits little, or has the basic plan, leaves more often.
private func table() -> String {
    var random = SeededGenerator(seed: 4)
    let rows = (0..<60).map { row in
        let (visits, isBasic) = (Int.random(in: 0...9, using: &random), row % 3 == 0)
        let leaves = Int.random(in: 0...11, using: &random) > visits + (isBasic ? 0 : 2)
        return "c\(row),\(visits),\(isBasic ? "basic" : "plus"),\(leaves ? "yes" : "no")"
    }
    return (["name,visits,plan,left"] + rows).joined(separator: "\n") + "\n"
}
