import TestSupport
import Testing

extension EndToEnd {
    struct TrainDatabaseTests {
        private let stand: CommandStand

        init() throws { stand = try CommandStand() }

        private func must(_ words: String...) throws -> CommandRun {
            let run = try stand.run(words: words)
            try #require(run["status"] != .string("failed"), "\(run.errors)")
            return run
        }

        private func isToldToRunFeatures(_ run: CommandRun) -> Bool {
            run["warnings"]?.elements.contains { $0.string?.contains("run churn features") == true } == true
        }

        /// Made-up customers with snapshots at 9 mature dates and one that is not.
        private func prepare() throws {
            let path = "\(stand.folder.path)/events.csv.gz"
            _ = try must(
                "simulate", "--customers", "600", "--from", "2025-01-01", "--to", "2026-01-01", "--seed", "7",
                "--output",
                path)
            _ = try must("load", path, "--complete-to", "2026-01-01")
            _ = try must("features", "--from", "2025-04-01", "--to", "2025-12-31", "--every", "30d")
        }

        @Test func `the snapshots become a candidate, and the same ones the same candidate`() throws {
            try prepare()
            let first = try must("train", "--from-database")
            #expect(first.exit == .code(0) && first["state"] == .string("candidate") && first["number"] == .number(1))
            #expect(first["source"] == .string("database") && first["definition"]?["id"] == .number(1))
            #expect(first["split"]?["test"] == .array([.string("2025-11-27")]), "the last date is not mature")
            #expect(first["split"]?["embargo_days"] == .number(30) && !isToldToRunFeatures(first))
            let version = try #require(first["version"]?.string)
            #expect(try stand.psql.rows("SELECT number, version, state FROM models") == ["1|\(version)|candidate"])

            let again = try must("train", "--from-database")
            #expect(again.exit == .code(10) && again["version"] == .string(version))
            let earlier = try must("train", "--from-database", "--test", "2025-10-28", "--train-from", "2025-05-01")
            #expect(earlier["number"] == .number(2))
            #expect(earlier["split"]?["train"]?[0] == .string("2025-05-01"))
            #expect(earlier["split"]?["test"] == .array([.string("2025-10-28")]))
        }

        @Test func `one definition is learned from, and several are named`() throws {
            let none = try stand.run("train", "--from-database")
            #expect(none.exit == .code(65) && none.errorCode == "no_snapshots")
            try prepare()
            _ = try must("features", "--from", "2025-04-01", "--to", "2025-12-31", "--horizon", "60d")
            let several = try stand.run("train", "--from-database")
            #expect(several.exit == .code(65) && several.errorCode == "several_definitions")
            #expect(several.message?.contains("definition 2: window 90 d, horizon 60 d, active 60 d") == true)
            #expect(try must("train", "--from-database", "--horizon", "60d")["definition"]?["id"] == .number(2))
            let strange = try stand.run("train", "--from-database", "--window", "10d")
            #expect(strange.exit == .code(65) && strange.errorCode == "no_definition")
            let early = try stand.run("train", "--from-database", "--horizon", "30d", "--test", "2025-05-01")
            #expect(early.exit == .code(65) && early.errorCode == "too_few_dates")
            #expect(early.message?.contains("2025-11-27") == true, "the mature dates are listed")
        }

        @Test func `events that changed since are told of`() throws {
            try prepare()
            let late = try stand.file("late.csv", "customer_id,occurred_at,kind\nC-0000001,2025-08-01,usage\n")
            _ = try must("load", late)
            let warned = try must("train", "--from-database")
            #expect(isToldToRunFeatures(warned))
            _ = try must("features", "--from", "2025-04-01", "--to", "2025-12-31", "--every", "30d")
            #expect(!isToldToRunFeatures(try must("train", "--from-database")))
        }

        @Test func `words that do not go together are a matter of usage`() throws {
            #expect(try stand.run("train").exit == .code(64))
            #expect(try stand.run("train", "--from-database", "--csv", "a.csv").exit == .code(64))
            #expect(try stand.run("train", "--from-database", "--label", "left").exit == .code(64))
            #expect(
                try stand.run("train", "--csv", "a.csv", "--label", "l", "--positive", "1", "--test", "2025-01-01").exit
                    == .code(64))
        }

        /// The figures of the reference: rows, dates, AUC with its interval, lift and log loss after calibration.
        @Test(.enabled(if: referenceFile("cdnow.csv") != nil, "needs the data sets of shared/data"))
        func `CDNOW comes out as the reference says`() throws {
            _ = try must("load", try #require(referenceFile("cdnow.csv")), "--rejects", "\(stand.folder.path)/r")
            _ = try must("features", "--from", "1997-04-01", "--to", "1998-03-03", "--every", "28d", "--horizon", "90d")
            let run = try must("train", "--from-database")
            #expect(run["rows"]?["train"] == .number(64_048) && run["customers"]?["train"] == .number(23_570))
            #expect(run["rows"]?["validation"] == .number(4033) && run["rows"]?["test"] == .number(3714))
            #expect(run["split"]?["train"]?.elements.last == .string("1997-07-22"))
            #expect(run["split"]?["validation"] == .array([.string("1997-11-11")]))
            #expect(run["unused"]?[0]?["feature"] == .string("services_used"))
            let expected = [
                ("auc", 0.6578, 0.0001), ("auc_low", 0.640, 0.0005), ("auc_high", 0.675, 0.0005),
                ("lift_10", 1.30, 0.005), ("log_loss", 0.645, 0.0005), ("log_loss_constant", 0.693, 0.0005),
            ]
            for (name, value, tolerance) in expected {
                let found = try #require(run["test"]?[name]?.number)
                #expect(abs(found - value) <= tolerance, "\(name) \(found)")
            }
            #expect(run["calibration"]?["kind"] == .string("platt"))
            let slope = try #require(run["calibration"]?["slope"]?.number)
            #expect(abs(slope - 0.67) < 0.005)
        }
    }
}
