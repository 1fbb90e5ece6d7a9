import TestSupport
import Testing

extension EndToEnd {
    /// A running service whose next champion cannot be used.
    struct ChampionRefusedTests {
        private let registry: Registry
        private let versions: [String]
        private let service: ServiceProcess
        private let client: TestClient

        init() throws {
            let registry = try Registry()
            self.registry = registry
            versions = try (1...3).map { try registry.train(seed: $0) }
            _ = try registry.run("promote", versions[0])
            service = try registry.serve()
            client = try service.client()
        }

        @Test(arguments: [
            ("set_byte(artifact, 200, get_byte(artifact, 200) # 1)", "checksum"),
            ("'\\x00'", "not_a_model_file"),
            ("(SELECT artifact FROM models WHERE number = 1)", "other_model"),
        ])
        func `a champion that cannot be used is named with the reason, the old model goes on, and a good one ends it`(
            artifact: String, reason: String
        ) throws {
            #expect(try Scrape(client).values("churn_champion_refused") == [])
            try promoteDamaged(artifact)
            try expectRefused(reason)
            // Back to the model that serves, which needs no loading.
            _ = try registry.run("promote", versions[0])
            try expectServing(versions[0])
            try promoteDamaged("artifact")
            try expectRefused(reason)
            _ = try registry.run("promote", versions[2])
            try expectServing(versions[2])
        }

        /// What no command does: a champion whose file is changed in the same moment.
        private func promoteDamaged(_ artifact: String) throws {
            _ = try registry.psql.rows(
                """
                UPDATE models SET state = 'retired' WHERE state = 'champion';
                UPDATE models SET state = 'champion', artifact = \(artifact) WHERE version = '\(versions[1])';
                NOTIFY models
                """)
        }

        private func expectRefused(_ reason: String) throws {
            let ready = try eventually("the service to say so") {
                let answer = try client.get("/health/ready")
                return answer.status == 503 ? answer : nil
            }
            #expect(ready.text.contains("the champion \(versions[1]) cannot be used: "), "\(ready.text)")
            let scrape = try Scrape(client)
            #expect(scrape.values("churn_champion_refused") == [1])
            #expect(
                scrape.values("churn_champion_refused", "version=\"\(versions[1])\"", "reason=\"\(reason)\"") == [1])
            #expect(scrape.values("churn_ready") == [0])
            try expectAnswers(by: versions[0])
        }

        private func expectServing(_ version: String) throws {
            try eventually("readiness") { try client.get("/health/ready").status == 200 }
            #expect(try Scrape(client).values("churn_champion_refused") == [])
            try expectAnswers(by: version)
        }

        private func expectAnswers(by version: String) throws {
            let answer = try client.post("/predict", #"{"customer_id":"a","features":{"visits":3}}"#)
            #expect(try answer.status == 200 && answer.json()["model"]?.string == version, "\(answer.text)")
            let scrape = try Scrape(client)
            #expect(scrape.values("churn_model_info") == [1])
            #expect(scrape.values("churn_model_info", "version=\"\(version)\"") == [1])
        }
    }
}
