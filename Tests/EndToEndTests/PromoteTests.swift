import TestSupport
import Testing

extension EndToEnd {
    struct PromoteTests {
        let registry: Registry

        init() throws { registry = try Registry() }

        @Test func `a promotion finds its model by version, by number or as the newest, and leaves one champion`()
            throws
        {
            let versions = try (1...3).map { try registry.train(seed: $0) }
            #expect(try registry.champion() == "none")
            let first = try registry.run("promote", versions[0])
            #expect(first["status"] == .string("done") && first["forced"] == .boolean(true))
            #expect(first["gate"] == .null && first["previous"] == .null)
            #expect(first["champion"]?["version"] == .string(versions[0]))
            let number = try registry.psql.value("SELECT number FROM models WHERE version = '\(versions[1])'")
            let second = try registry.run("promote", number)
            #expect(second["previous"]?["version"] == .string(versions[0]))
            #expect(try registry.run("promote", "--candidate")["champion"]?["version"] == .string(versions[2]))
            #expect(try registry.champion() == versions[2])
            let states = try registry.psql.rows("SELECT state FROM models ORDER BY number")
            #expect(states == ["retired", "retired", "champion"])
        }

        @Test func `a promotion may be run again and changes nothing`() throws {
            let version = try registry.train(seed: 1)
            _ = try registry.run("promote", "--candidate")
            #expect(try registry.run("promote", version)["status"] == .string("unchanged"))
            let again = try registry.run("promote", "--candidate", "--exit-code", exit: 10)
            #expect(again["status"] == .string("unchanged"))
            #expect(again["champion"]?["version"] == .string(version))
            #expect(try registry.psql.value("SELECT count(*) FROM promotions") == "1")
        }

        @Test func `a rollback goes back a step at a time, and no further than the first champion`() throws {
            let versions = try (1...3).map { try registry.train(seed: $0) }
            for version in versions { _ = try registry.run("promote", version) }
            let back = try registry.run("models", "rollback")
            #expect(back["champion"]?["version"] == .string(versions[1]))
            #expect(back["previous"]?["version"] == .string(versions[2]))
            #expect(try registry.run("models", "rollback")["champion"]?["version"] == .string(versions[0]))
            let failed = try registry.run("models", "rollback", exit: 65)
            #expect(failed["error"]?["code"] == .string("no_earlier_champion"))
            #expect(try registry.champion() == versions[0])
        }

        @Test func `a rollback after a promotion that followed a rollback does not bring the bad model back`() throws {
            let versions = try (1...3).map { try registry.train(seed: $0) }
            _ = try registry.run("promote", versions[0])
            _ = try registry.run("promote", versions[1])
            _ = try registry.run("models", "rollback")
            _ = try registry.run("promote", versions[2])
            #expect(try registry.run("models", "rollback")["champion"]?["version"] == .string(versions[0]))
        }

        @Test func `a model that is not there, and a registry without models, are told apart from success`() throws {
            #expect(try registry.run("promote", "--candidate", exit: 65)["error"]?["code"] == .string("no_candidate"))
            let unknown = try registry.run("promote", "000000000000", exit: 65)
            #expect(unknown["error"]?["code"] == .string("no_such_model"))
            #expect(try registry.run("promote", exit: 64)["status"] == .string("failed"))
            #expect(try registry.run("promote", "1", "--candidate", exit: 64)["status"] == .string("failed"))
            #expect(try registry.run("models", "show", exit: 65)["error"]?["code"] == .string("no_champion"))
            #expect(try registry.run("models", "list")["models"] == .array([]))
        }

        @Test func `a model whose file was damaged is not promoted`() throws {
            let version = try registry.train(seed: 1)
            _ = try registry.psql.rows(
                "UPDATE models SET artifact = set_byte(artifact, 200, get_byte(artifact, 200) # 1)")
            #expect(try registry.run("promote", version, exit: 65)["error"]?["code"] == .string("model_file"))
            #expect(try registry.champion() == "none")
        }

        @Test func `models list and show say what the table says`() throws {
            let versions = try (1...2).map { try registry.train(seed: $0) }
            _ = try registry.run("promote", versions[0])
            let list = try #require(registry.run("models", "list")["models"]).elements
            #expect(list.map { $0["version"]?.string } == versions.reversed())
            #expect(list.map { $0["state"]?.string } == ["candidate", "champion"])
            #expect(list[1]["promoted_at"]?.string != nil && list[0]["promoted_at"] == .null)
            #expect(list[0]["quality"]?["n"] == .number(100))
            let shown = try registry.run("models", "show")
            #expect(shown["version"] == .string(versions[0]) && shown["threshold"]?["value"]?.number != nil)
            let text = try output(of: [
                churnBinary(), "models", "show", versions[1], "--database-url", registry.database,
            ])
            #expect(text.contains("candidate") && text.contains("visits"))
        }

        @Test func `the same model trained again is the same candidate`() throws {
            let version = try registry.train(seed: 1)
            let again = try registry.run(
                "train", "--csv", "table-1.csv", "--label", "left", "--positive", "yes", "--id", "name", "--l2", "0.01",
                "--register")
            #expect(again["status"] == .string("unchanged") && again["version"] == .string(version))
            #expect(try registry.psql.value("SELECT count(*) FROM models") == "1")
        }

        @Test func `a promotion waits for a command that is at work, and a rollback does not`() throws {
            let versions = try (1...2).map { try registry.train(seed: $0) }
            for version in versions { _ = try registry.run("promote", version) }
            // The lock that all commands share: class and key as `AdvisoryLockClass` has them.
            let holder = try ChildProcess(
                ["psql", "-X", "-d", registry.database, "-c", "SELECT pg_advisory_lock(1667760131, 0), pg_sleep(60)"])
            defer { holder.send(15) }
            try eventually("the lock") {
                try registry.psql.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted") != "0"
            }
            let busy = try registry.run("promote", versions[0], "--lock-timeout", "0s", exit: 75)
            #expect(busy["error"]?["code"] == .string("lock_busy") && busy["error"]?["retry"] == .boolean(true))
            #expect(try registry.run("models", "rollback")["champion"]?["version"] == .string(versions[0]))
        }

        @Test func `the metrics say how the model that serves was judged, and follow a promotion`() throws {
            let versions = try (1...2).map { try registry.train(seed: $0) }
            _ = try registry.run("promote", versions[0])
            let service = try registry.serve()
            let client = try service.client()
            for version in versions {
                _ = try registry.run("promote", version)
                let shown = try registry.run("models", "show")
                let text = try eventually("metrics of \(version)") {
                    let text = try client.get("/metrics").text
                    return text.contains("metric=\"auc\",version=\"\(version)\"") ? text : nil
                }
                #expect(value("churn_model_quality{metric=\"auc\"", in: text) == shown["quality"]?["auc"]?.number)
                for metric in ["auc", "accuracy", "precision", "recall"] {
                    let bounds = try ["_low", "", "_high"].map { suffix in
                        try #require(value("churn_model_quality\(suffix){metric=\"\(metric)\"", in: text))
                    }
                    #expect(bounds[0] < bounds[1] && bounds[1] < bounds[2], "\(metric): \(bounds)")
                }
                #expect(text.contains("\nchurn_model_trained_timestamp_seconds 1"))
                #expect(!text.contains("churn_model_data_as_of_seconds "), "a plain table has no dates")
            }
        }
    }
}

/// The value of the first sample that begins so.
private func value(_ name: String, in metrics: String) -> Double? {
    let line = metrics.split(separator: "\n").first { $0.hasPrefix(name) }
    return line.flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }
}
