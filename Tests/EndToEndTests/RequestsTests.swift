import Glibc
import TestSupport
import Testing

extension EndToEndWithKafka {
    /// Requests that come by Kafka.
    struct RequestsTests {
        let psql: Psql
        let kafka: MockKafka
        let published: Published

        init() throws {
            psql = Psql(try TemporaryPostgres.shared.makeDatabase())
            kafka = try MockKafka(topics: [
                "churn.predictions:4", "churn.dead-letter:1", "churn.alerts:1", "churn.requests:3",
            ])
            published = Published(psql: psql, reader: try KafkaReader(kafka.brokers, topic: "churn.predictions"))
        }

        private func start() throws -> ServiceProcess {
            let service = try ServiceProcess(
                databaseURL: psql.connection, workers: 1,
                environment: [
                    "KAFKA_BROKERS": kafka.brokers, "KAFKA_TOPIC_REQUESTS": "churn.requests",
                    "KAFKA_CONFIG_session_timeout_ms": "6000", "KAFKA_CONFIG_heartbeat_interval_ms": "300",
                ])
            try service.waitUntilReady()
            return service
        }

        private func feed(_ requests: [(key: String, value: String)], headers: [String] = []) throws {
            try kafka.feed(requests, to: "churn.requests", headers: headers)
        }

        private func feed(customers: [String]) throws { try feed(customers.map { ($0, customer($0)) }) }

        /// Waits until each customer has a row, and looks that none has two.
        private func expectOnce(
            _ customers: [String], within seconds: Double = 30, sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let goal = "\(customers.count)"
            try eventually("a row for each of \(goal)", within: seconds) {
                try psql.value("SELECT count(DISTINCT customer_id) FROM predictions") == goal
            }
            #expect(try psql.value("SELECT count(*) FROM predictions") == goal, sourceLocation: sourceLocation)
            let stored = Set(try psql.rows("SELECT customer_id FROM predictions"))
            #expect(stored == Set(customers), sourceLocation: sourceLocation)
        }

        @Test func `a request is scored, stored and answered with its correlation id`() throws {
            let service = try start()
            try feed([("C-1", customer("C-1"))], headers: ["correlation_id=c-1", "request_id=r-1"])
            try feed([("b", batch([customer("C-2"), customer("C-3")]))])
            try expectOnce(["C-1", "C-2", "C-3"])
            try published.expectEveryRow()
            let events = published.reader.messages
            let first = try #require(events.first { $0.key == "C-1" })
            #expect(first.headers["correlation_id"] == "c-1" && first.headers["request_id"] == "r-1")
            let second = try #require(events.first { $0.key == "C-2" })
            #expect(second.headers["correlation_id"]?.hasPrefix("churn.requests-") == true)
            #expect(try psql.value("SELECT count(*) FROM predictions WHERE source = 'kafka'") == "3")
            let over = try service.client().post("/predict", customer("C-1")).json()
            let value = try Document(Array(first.value.utf8))
            for key in ["probability", "churn", "risk", "threshold", "contributions", "base", "model"] {
                #expect(value[key] == over[key], "the same over HTTP: \(key)")
            }
            #expect(try service.terminate() == .code(0))
            #expect(try psql.value("SELECT count(*) FROM writers WHERE closed_at IS NULL") == "0")
        }

        @Test func `what cannot be processed goes to the dead-letter topic and stops nothing`() throws {
            let letters = try KafkaReader(kafka.brokers, topic: "churn.dead-letter")
            let service = try start()
            let good = names("G", 30)
            let bad = [("x", "{"), ("y", #"{"customer_id":"y"}"#), ("z", #"{"customer_id":"z","features":{"no":1}}"#)]
            let nul = ("n", #"{"customer_id":"n\u0000","features":[1,2,3,4]}"#)
            var all = good.map { ($0, customer($0)) }
            for (index, message) in (bad + [nul]).enumerated() { all.insert(message, at: index * 7) }
            try feed(all.map { (key: $0.0, value: $0.1) })
            try expectOnce(good)
            let messages = try letters.waitFor(4)
            #expect(Set(messages.map(\.key)) == ["x", "y", "z", "n"])
            let reasons = Dictionary(uniqueKeysWithValues: messages.map { ($0.key, $0.headers["reason"] ?? "") })
            #expect(reasons["x"] == "not-json" && reasons["y"] == "no-features")
            #expect(reasons["z"] == "invalid: /features/no unknown" && reasons["n"] == "invalid: /customer_id nul")
            #expect(messages.first { $0.key == "y" }?.value == bad[1].1)
            #expect(messages.allSatisfy { $0.headers["origin"]?.hasPrefix("churn.requests-") == true })
            #expect(try service.terminate() == .code(0))
        }

        @Test func `two instances share the partitions, one dies and one comes, and each request makes one row`() throws
        {
            var customers = names("R-0", 300)
            var services = [try start(), try start()]
            try feed(customers: customers)
            for round in 1...3 {
                let more = names("R-\(round)", 300)
                customers += more
                try feed(customers: more)
                try eventually("some rows", within: 30) {
                    try Int(psql.value("SELECT count(*) FROM predictions")) ?? 0 > round * 200
                }
                services.removeFirst().kill()
                services.append(try start())
            }
            try expectOnce(customers, within: 60)
            try published.expectEveryRow(within: 60)
            for service in services { #expect(try service.terminate() == .code(0)) }
        }

        @Test func `a batch that is taken in is not taken in again, whatever the group says`() throws {
            let first = try start()
            try feed(customers: names("A", 50))
            try expectOnce(names("A", 50))
            first.kill()
            // As after a commit to the group that never came: the table is further than the group.
            let places = try psql.rows("SELECT partition, next_offset FROM consumed ORDER BY 1")
            #expect(places.count == 3)
            let second = try start()
            try feed(customers: names("B", 50))
            try expectOnce(names("A", 50) + names("B", 50), within: 60)
            #expect(try second.terminate() == .code(0))
        }

        @Test func `PostgreSQL goes and comes back: requests wait, none is lost, none doubled`() throws {
            let own = try TemporaryPostgres()
            let psql = Psql(own.connection())
            let service = try ServiceProcess(
                databaseURL: psql.connection, workers: 1,
                environment: ["KAFKA_BROKERS": kafka.brokers, "KAFKA_TOPIC_REQUESTS": "churn.requests"])
            try service.waitUntilReady()
            var customers = names("P-0", 200)
            try feed(customers: customers)
            for round in 1...3 {
                try own.stop(SIGQUIT)
                let more = names("P-\(round)", 200)
                customers += more
                try feed(customers: more)
                try own.start()
                try eventually("the rows", within: 60) {
                    try psql.value("SELECT count(DISTINCT customer_id) FROM predictions") == "\(customers.count)"
                }
            }
            #expect(try psql.value("SELECT count(*) FROM predictions") == "\(customers.count)")
            #expect(try service.terminate() == .code(0))
        }
    }
}
