import TestSupport
import Testing

extension EndToEnd {
    struct EvaluateTableTests {
        private let registry: Registry
        private let version: String

        init() throws {
            registry = try Registry()
            version = try registry.train(seed: 1)
        }

        private func table(_ name: String, _ rows: [String], header: String = "name,visits,left") throws -> String {
            let path = "\(registry.folder.path)/\(name)"
            try write(Array(([header] + rows).joined(separator: "\n").utf8), toFile: path)
            return path
        }

        @Test func `a table that the model has not seen is scored as the service scores`() throws {
            let rows = (0..<60).map { "n\($0),\($0 % 10),\($0 % 7 < 3 ? "yes" : "no")" }
            let path = try table("new.csv", rows)
            let page = "\(registry.folder.path)/page.html"
            let found = try registry.run("evaluate", version, "--csv", path, "--report", page)
            #expect(found["status"] == .string("done") && found["gate"] == .null && found["champion"] == .null)
            #expect(found["data"]?["rows"] == .number(60) && found["data"]?["file"] == .string("new.csv"))
            let churned = rows.count { $0.hasSuffix("yes") }
            #expect(found["data"]?["churned"] == .number(Double(churned)) && found["data"]?["as_of"] == .array([]))
            // The same decisions as those of a table that is scored.
            let artifact = "\(registry.folder.path)/model.json"
            let lines = try registry.psql.rows("SELECT convert_from(artifact, 'UTF8') FROM models")
            try write(Array((lines.joined(separator: "\n") + "\n").utf8), toFile: artifact)
            let scores = "\(registry.folder.path)/scores.csv"
            let scored = try registry.run(
                "score", "--csv", path, "--model", artifact, "--id", "name", "--output", scores)
            let confusion = found["confusion"]
            let named = (confusion?["tp"]?.number ?? -1) + (confusion?["fp"]?.number ?? -1)
            #expect(scored["churn"] == .number(named))
            #expect(contents(ofFile: page).count > 10_000 && text(ofFile: page).contains("new.csv"))
        }

        @Test func `the table that it learnt from gives the figures of the training, out of fold`() throws {
            let path = "\(registry.folder.path)/table-1.csv"
            let found = try registry.run("evaluate", version, "--csv", path)
            for measure in ["auc", "log_loss", "brier"] {
                let trained = try registry.psql.value("SELECT metrics->'quality'->>'\(measure)' FROM models")
                let gap = (found["quality"]?[measure]?.number ?? -1) - (Double(trained) ?? -2)
                #expect(abs(gap) < 1e-6, "\(measure): \(trained)")
            }
            #expect(found["warnings"]?.elements.first?.string?.contains("very file") == true)
        }

        @Test func `one class gives nulls and a reason, a missing column its name`() throws {
            let stay = try table("stay.csv", (0..<20).map { "n\($0),\($0 % 10),no" })
            let found = try registry.run("evaluate", version, "--csv", stay)
            #expect(found["quality"]?["auc"] == .null && found["data"]?["churned"] == .number(0))
            let bare = try table("bare.csv", ["a,no"], header: "name,left")
            let failure = try registry.run("evaluate", version, "--csv", bare, exit: 65)
            #expect(failure["error"]?["message"]?.string?.contains("no column visits") == true)
            let words = try table("words.csv", ["a,often,no", "b,rarely,yes"])
            #expect(
                try registry.run("evaluate", version, "--csv", words, exit: 65)["error"]?["code"]?.string
                    == "unfit_table")
            #expect(
                try registry.run("evaluate", version, "--as-of", "2026-01-01", "--csv", bare, exit: 64)["status"]
                    == .string("failed"))
        }

        @Test func `the champion stands beside it on the same rows`() throws {
            _ = try registry.run("promote", version)
            let other = try registry.train(seed: 2)
            let rows = (0..<60).map { "n\($0),\($0 % 10),\($0 % 7 < 3 ? "yes" : "no")" }
            let found = try registry.run("evaluate", other, "--csv", try table("new.csv", rows))
            #expect(found["champion"]?["version"] == .string(version))
            #expect(found["champion"]?["quality"]?["n"] == .number(60))
        }
    }
}
