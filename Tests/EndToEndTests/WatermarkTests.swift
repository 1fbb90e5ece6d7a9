import TestSupport
import Testing

extension EndToEnd {
    /// What a command found holds for no more than the events that it knew: so each says up to when that is.
    struct WatermarkTests {
        private let stand: CommandStand

        init() throws { stand = try CommandStand() }

        private func must(_ words: [String]) throws -> CommandRun {
            let run = try stand.run(words: words)
            try #require(run["status"] != .string("failed"), "\(words): \(run.errors)")
            return run
        }

        /// What the command says to a person.
        private func text(_ words: [String]) throws -> String {
            try output(of: [churnBinary()] + words + ["--quiet"], environment: ["DATABASE_URL": stand.database])
        }

        /// Made-up customers whose events are known up to the end of a year.
        private func simulate() throws -> String {
            let path = "\(stand.folder.path)/events.csv.gz"
            let period = ["--from", "2025-01-01", "--to", "2026-01-01"]
            let run = try must(["simulate", "--customers", "300", "--seed", "7", "--output", path] + period)
            #expect(run["watermark"] == .null, "nobody asked a database")
            return path
        }

        @Test func `every command says up to when events are known`() throws {
            let events = try simulate()
            let dates = ["--from", "2025-04-01", "--to", "2025-12-31", "--every", "30d"]
            let commands = [
                ["load", events, "--complete-to", "2026-01-01"], ["features"] + dates, ["train", "--from-database"],
                ["evaluate"], ["promote", "1"], ["promote", "--candidate", "--if-better"],
                ["train", "--from-database", "--test", "2025-10-28"], ["promote", "2"], ["models", "list"],
                ["models", "show"], ["models", "rollback"], ["score", "--as-of", "2025-12-27"],
                ["score", "--as-of", "2025-12-27"],
            ]
            for words in commands {
                #expect(try must(words)["watermark"] == .string("2026-01-01T00:00:00Z"), "\(words)")
            }
            // Run again for a person: a rollback, and a promotion to the same model, would be another thing.
            for words in commands where !["promote 2", "models rollback"].contains(words.joined(separator: " ")) {
                #expect(try text(words).hasSuffix("\nEvents are known up to 2026-01-01T00:00:00Z.\n"), "\(words)")
            }
        }

        @Test func `without events there is none, and a table has none`() throws {
            #expect(try must(["models", "list"])["watermark"] == .null)
            #expect(try text(["models", "list"]) == "No model is registered yet.\nThere are no events.\n")
            let rows = (0..<60).map { "n\($0),\($0 % 10),\($0 % 7 < 3 ? "yes" : "no")" }
            let table = try stand.file("table.csv", (["name,visits,left"] + rows).joined(separator: "\n") + "\n")
            let model = "\(stand.folder.path)/model.json"
            let training = ["train", "--csv", table, "--label", "left", "--positive", "yes", "--id", "name"]
            #expect(try must(training + ["--output", model])["watermark"] == .null)
            let scoring = ["score", "--csv", table, "--model", model, "--output", "\(stand.folder.path)/scores.csv"]
            #expect(try must(scoring)["watermark"] == .null)
            #expect(try !text(scoring).contains("vents"))
        }
    }
}
