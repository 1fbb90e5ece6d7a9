import TestSupport
import Testing

extension EndToEnd {
    struct FeaturesTests {
        private let stand: CommandStand

        init() throws { stand = try CommandStand() }

        private func load(_ name: String, _ rows: String, _ more: String...) throws {
            let path = try stand.file(name, "customer_id,occurred_at,kind,service,amount\n\(rows)\n")
            let run = try stand.run(words: ["load", path] + more)
            try #require(run.exit == .code(0), "\(run.errors)")
        }

        /// Windows of 30 days, horizons of 10.
        private func features(_ words: String...) throws -> CommandRun {
            let run = try stand.run(words: ["features", "--window", "30d", "--horizon", "10d"] + words)
            try #require(run["status"] != .string("failed"), "\(run.errors)")
            return run
        }

        private func snapshots(_ day: String, _ columns: String = "customer_id, features, churned") throws -> [String] {
            try stand.psql.rows("SELECT \(columns) FROM feature_snapshots WHERE as_of = '\(day)' ORDER BY customer_id")
        }

        private func labels(_ day: String) throws -> [String] { try snapshots(day, "customer_id, churned") }

        @Test func `each feature is what it says`() throws {
            // a: three purchases, one of them for nothing, and a refund; b: no purchase; c: silent for too long; d: too late.
            try load(
                "events.csv",
                """
                a,2026-01-02T00:00:00Z,purchase,app,10
                a,2026-01-20T12:00:00Z,purchase,club,0.10
                a,2026-01-25T00:00:00Z,purchase,,0
                a,2026-01-28T06:00:00Z,purchase,app,-10
                a,2025-12-01T00:00:00Z,purchase,gifts,99
                b,2026-01-30T18:00:00.000001Z,usage,app,7
                c,2026-01-10T00:00:00Z,purchase,app,5
                d,2026-01-31T00:00:00Z,purchase,app,5
                """)
            let run = try features("--as-of", "2026-01-31")
            #expect(run["snapshots"]?["inserted"] == .number(2))
            #expect(run["latest"]?["missing"]?["average_check"] == .number(1))
            #expect(run["labels"]?["pending"] == .number(2))
            let find = """
                features -> 'purchase_frequency', features -> 'average_check', \
                features -> 'days_since_last_activity', features -> 'services_used'
                """
            #expect(
                try snapshots("2026-01-31", "customer_id, \(find)") == [
                    "a|3|3.3666666666666667|2.75|2", "b|0|null|0.24999999998842592|1",
                ])
        }

        @Test func `events at and after the date move nothing in a snapshot`() throws {
            // The horizon has passed, so that a run looks at what came after the date, too: for the label alone.
            let until = "--complete-to=2026-03-01"
            try load("a.csv", "1,2026-01-25,purchase,app,5\n2,2026-01-26,usage,club,", until)
            _ = try features("--as-of", "2026-01-31")
            let before = try snapshots("2026-01-31", "customer_id, features")
            #expect(try labels("2026-01-31") == ["1|t", "2|t"])
            try load(
                "b.csv", "1,2026-01-31,purchase,gifts,500\n2,2026-02-01,purchase,app,5\n3,2026-01-31,usage,app,", until)
            let again = try features("--as-of", "2026-01-31")
            #expect(again["snapshots"]?["unchanged"] == .number(2) && again["labels"]?["changed"] == .number(2))
            #expect(try snapshots("2026-01-31", "customer_id, features") == before)
            // Computed anew, with all events there from the start.
            _ = try stand.psql.rows("TRUNCATE feature_snapshots, snapshot_dates")
            #expect(try features("--as-of", "2026-01-31")["snapshots"]?["inserted"] == .number(2))
            #expect(try snapshots("2026-01-31", "customer_id, features") == before)
            #expect(try labels("2026-01-31") == ["1|f", "2|f"])
            // One microsecond earlier it counts.
            try load("c.csv", "2,2026-01-30T23:59:59.999999Z,purchase,app,5", until)
            let run = try features("--as-of", "2026-01-31")
            #expect(run["snapshots"]?["updated"] == .number(1) && run["snapshots"]?["unchanged"] == .number(1))
        }

        @Test func `a label is there when its horizon has passed, and not before`() throws {
            try load("a.csv", "1,2026-01-25,purchase,app,5\n2,2026-01-26,usage,club,\n1,2026-02-05,usage,app,")
            let half = try features("--as-of", "2026-01-31")
            #expect(half["labels"]?["pending"] == .number(2) && half["labels"]?["last_mature"] == .null)
            #expect(half["latest"]?["churn_share"] == .null)
            #expect(try labels("2026-01-31") == ["1|", "2|"])
            // One second is missing, then none.
            try load("b.csv", "3,2026-02-09T23:59:59Z,usage,app,")
            #expect(try features("--as-of", "2026-02-10")["labels"]?["filled"] == .number(0))
            try load("c.csv", "3,2026-02-10,usage,app,")
            let later = try features("--as-of", "2026-02-10")
            #expect(
                later["labels"]?["filled"] == .number(2) && later["labels"]?["last_mature"] == .string("2026-01-31"))
            #expect(try labels("2026-01-31") == ["1|f", "2|t"])
            #expect(try labels("2026-02-10") == ["1|", "3|"])
            #expect(try features("--as-of", "2026-02-10").exit == .code(10))
        }

        @Test func `late events change the labels and the features that they belong to`() throws {
            try load("a.csv", "1,2026-01-25,purchase,app,5\n2,2026-01-26,usage,club,\n9,2026-03-01,usage,app,")
            _ = try features("--as-of", "2026-01-31")
            #expect(try labels("2026-01-31") == ["1|t", "2|t"])
            // In the horizon: the next run of another date says so, too.
            try load("b.csv", "2,2026-02-09,usage,club,")
            let run = try features("--as-of", "2026-02-15")
            #expect(run["labels"]?["changed"] == .number(1))
            #expect(try labels("2026-01-31") == ["1|t", "2|f"])
            // Before the date: somebody was a customer after all.
            try load("c.csv", "4,2026-01-30,usage,club,")
            #expect(try features("--as-of", "2026-01-31")["snapshots"]?["inserted"] == .number(1))
            #expect(try labels("2026-01-31") == ["1|t", "2|f", "4|t"])
        }

        @Test func `what a replaced file said is unsaid`() throws {
            try load("a.csv", "1,2026-01-25,purchase,app,5\n2,2026-01-26,usage,club,")
            try load("b.csv", "1,2026-02-10,usage,app,")
            _ = try features("--as-of", "2026-01-31")
            #expect(try labels("2026-01-31") == ["1|t", "2|t"])
            try load("a.csv", "1,2026-01-25,purchase,app,5\n1,2026-01-26,usage,club,", "--replace")
            let run = try features("--as-of", "2026-01-31")
            #expect(run["snapshots"]?["deleted"] == .number(1) && run["snapshots"]?["updated"] == .number(1))
            // The horizon has not passed any more.
            try load(
                "b.csv", "1,2026-02-09,usage,app,\n1,2026-02-10,usage,app,", "--replace", "--complete-to", "2026-02-09")
            #expect(try features("--as-of", "2026-01-31")["labels"]?["pending"] == .number(1))
            #expect(try labels("2026-01-31") == ["1|"])
        }

        @Test func `one definition does not touch the labels of another`() throws {
            try load("a.csv", "1,2026-01-25,purchase,app,5\n1,2026-02-15,usage,app,\n2,2026-03-10,usage,app,")
            let short = try features("--as-of", "2026-01-31")
            let long = try features("--as-of", "2026-01-31", "--horizon", "30d")
            #expect(short["definition"]?["id"] != long["definition"]?["id"])
            #expect(try snapshots("2026-01-31", "definition, churned") == ["1|t", "2|f"])
            let active = try features("--as-of", "2026-01-31", "--active", "5d")
            #expect(active["snapshots"]?["inserted"] == .number(0) && active["warnings"]?.elements.count == 1)
        }

        @Test func `services are told apart whatever they are called, and there is an end to their number`() throws {
            let rows = (0..<70).map { "a,2026-01-20,usage,\"it's \($0) \\\",\n" }.joined()
            try load("few.csv", rows + "a,2026-01-21,usage,\"it's 0 \\\",\nb,2026-01-21,usage,,")
            _ = try features("--as-of", "2026-01-31")
            #expect(try snapshots("2026-01-31", "features -> 'services_used'") == ["70", "0"])
            try load("many.csv", (0..<1001).map { "a,2026-01-22,usage,\($0)," }.joined(separator: "\n"))
            let run = try stand.run("features", "--as-of", "2026-01-31", "--window", "30d", "--horizon", "10d")
            #expect(run.exit == .code(65) && run.errorCode == "too_many_services")
            #expect(try snapshots("2026-01-31", "features -> 'services_used'") == ["70", "0"])
        }

        @Test func `dates far apart and windows shorter than the horizon count the same`() throws {
            try load(
                "a.csv",
                "1,2026-01-05,purchase,app,5\n1,2026-01-29,usage,club,\n2,2026-06-20,purchase,app,7\n3,2026-07-20,usage,app,"
            )
            let words = ["--window", "5d", "--horizon", "20d", "--active", "40d"]
            for day in ["2026-01-31", "2026-06-30"] { _ = try stand.run(words: ["features", "--as-of", day] + words) }
            let alone = try snapshots("2026-01-31") + snapshots("2026-06-30")
            #expect(alone.count == 2 && alone[0].contains("\"services_used\": 1"))
            #expect(alone[1].contains("\"purchase_frequency\": 0,"))
            _ = try stand.psql.rows("TRUNCATE feature_snapshots, snapshot_dates")
            _ = try stand.run(
                words: ["features", "--from", "2026-01-31", "--to", "2026-06-30", "--every", "150d"] + words)
            #expect(try snapshots("2026-01-31") + snapshots("2026-06-30") == alone)
        }

        @Test func `a run without dates or without events says what is wrong`() throws {
            #expect(try stand.run("features").exit == .code(64))
            #expect(try stand.run("features", "--as-of", "yesterday").exit == .code(64))
            #expect(try stand.run("features", "--from", "2026-02-01", "--to", "2026-01-01").exit == .code(64))
            let empty = try stand.run("features", "--as-of", "2026-01-31")
            #expect(empty.exit == .code(65) && empty.errorCode == "no_events")
        }

        @Test(.enabled(if: referenceFile("cdnow.csv") != nil, "needs the data sets of shared/data"))
        func `CDNOW comes to 97,560 snapshots at 13 dates`() throws {
            _ = try stand.run("load", try #require(referenceFile("cdnow.csv")), "--rejects", "\(stand.folder.path)/r")
            let words = [
                "features", "--from", "1997-04-01", "--to", "1998-03-03", "--every", "28d", "--horizon", "90d",
            ]
            let run = try stand.run(words: words)
            #expect(run["dates"]?["count"] == .number(13) && run["snapshots"]?["inserted"] == .number(97_560))
            #expect(run["latest"]?["customers"] == .number(3714))
            #expect(abs((run["latest"]?["churn_share"]?.number ?? 0) - 0.516) < 0.0005)
            #expect(try stand.run(words: words).exit == .code(10))
        }
    }
}
