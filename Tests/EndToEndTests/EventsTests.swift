import Glibc
import TestSupport
import Testing

extension EndToEndWithKafka {
    /// Predictions on their way to Kafka.
    struct EventsTests {
        let psql: Psql
        let kafka: MockKafka
        let published: Published

        init() throws {
            psql = Psql(try TemporaryPostgres.shared.makeDatabase())
            kafka = try MockKafka(topics: ["churn.predictions:4", "churn.dead-letter:1", "churn.alerts:1"])
            published = Published(psql: psql, reader: try KafkaReader(kafka.brokers, topic: "churn.predictions"))
        }

        private func start(_ environment: [String: String] = [:], withKafka: Bool = true) throws -> ServiceProcess {
            var environment = environment
            if withKafka { environment["KAFKA_BROKERS"] = kafka.brokers }
            let service = try ServiceProcess(databaseURL: psql.connection, environment: environment)
            try service.waitUntilReady()
            return service
        }

        private func openWriters() throws -> String {
            try psql.value("SELECT count(*) FROM writers WHERE closed_at IS NULL")
        }

        @Test func `a prediction becomes a CloudEvent with the answer, the features and the caller's ids`() throws {
            let service = try start()
            let answer = try service.client().post(
                "/predict", customer("Zoë, \\\"1\\\""), headers: ["X-Request-ID: r-1", "X-Correlation-ID: c-1"])
            #expect(answer.status == 200)
            let event = try #require(try published.reader.waitFor(1).first)
            let json = try answer.json()
            #expect(event.key == "Zoë, \"1\"")
            #expect(
                event.value
                    == answer.text.dropLast() + #","features":{"purchase_frequency":1.5,"average_check":42.1,"#
                    + #""days_since_last_activity":12,"services_used":3}}"#)
            #expect(
                event.headers == [
                    "ce_specversion": "1.0", "ce_id": json["prediction_id"]?.string ?? "",
                    "ce_type": "churn.prediction",
                    "ce_source": "/churn", "ce_time": json["created_at"]?.string ?? "",
                    "content-type": "application/json", "request_id": "r-1", "correlation_id": "c-1",
                ])
            #expect(try service.terminate() == .code(0))
            #expect(try openWriters() == "0")
        }

        @Test func `predictions go before events: who publishes gives way to who answers`() throws {
            let service = try start()
            _ = try service.client().post("/predict", customer("share"))
            _ = try published.reader.waitFor(1)
            var shares: [String: ThreadShare] = [:]
            for task in try output(of: ["ls", "/proc/\(service.pid)/task"]).split(separator: "\n") {
                let folder = "/proc/\(service.pid)/task/\(task)"
                shares[String(text(ofFile: folder + "/comm").dropLast())] = ThreadShare(task: folder)
            }
            let answering = try #require(shares["worker 0"])
            for name in ["publisher", "rdk:main", "rdk:broker1"] {
                let share = try #require(shares[name], "\(shares)")
                #expect(share.givesWay(to: answering), "\(name): \(shares)")
            }
            for name in ["churn", "keeper"] { #expect(shares[name] == answering, "\(name): \(shares)") }
        }

        @Test func `an event that is published again is the same, byte for byte`() throws {
            let service = try start()
            let client = try service.client()
            for number in 0..<20 {
                _ = try client.post(
                    "/predict", customer("R-\(number)", frequency: "\(Double(number) / 7)", check: "-0.0"),
                    headers: number % 2 == 0 ? ["X-Correlation-ID: c-\(number)"] : ["Accept-Encoding: gzip"])
            }
            _ = try client.post(
                "/predict", batch([customer("R-20"), customer("R-21")]), headers: ["Accept-Encoding: gzip"])
            let first = try published.reader.waitFor(22)
            #expect(try service.terminate() == .code(0))
            _ = try psql.rows("UPDATE writers SET acknowledged = NULL, closed_at = NULL RETURNING id")
            let second = try start()
            let both = try published.reader.waitFor(44)
            for event in first {
                let same = both.filter { $0.headers["ce_id"] == event.headers["ce_id"] }
                #expect(same.count == 2)
                for other in same {
                    #expect(other.value == event.value && other.key == event.key && other.headers == event.headers)
                    #expect(other.milliseconds == event.milliseconds && other.partition == event.partition)
                }
            }
            try eventually("the count") { try shows(second, metric: #"churn_events_total{result="sent"} 22"#) }
            #expect(try second.terminate() == .code(0))
        }

        private func shows(_ service: ServiceProcess, metric line: String) throws -> Bool {
            let text = try service.client().get("/metrics").text
            return text.split(separator: "\n").contains { $0 == line }
        }

        @Test func `what was stored without Kafka is published once there is one`() throws {
            let without = try start(withKafka: false)
            let load = Load(port: without.port, connections: 4, name: "W")
            try load.waitForMore(500)
            #expect(try without.terminate() == .code(0))
            let told = load.stop()
            let service = try start()
            try published.expectEveryRow()
            published.expect(told)
            try eventually("all writers to be closed") { try openWriters() == "0" }
            #expect(try service.terminate() == .code(0))
        }

        @Test func `events of one customer keep their order`() throws {
            let service = try start()
            let client = try service.client()
            let ids = try (0..<200).map { _ in
                try client.post("/predict", customer("one")).json()["prediction_id"]?.string ?? ""
            }
            #expect(try published.reader.waitFor(200).compactMap { $0.headers["ce_id"] } == ids)
            #expect(try service.terminate() == .code(0))
        }

        /// - Parameter joining: the step from which on a second instance stores predictions, too.
        @Test(arguments: [0, 9, 24])
        func `an alert says when a customer's decision changes to churn, and only then`(joining: Int) throws {
            let alerts = try KafkaReader(kafka.brokers, topic: "churn.alerts")
            let services = [try start(), try start()]
            var expected: Set<String> = []
            var before: [String: Bool] = [:]
            for step in 0..<24 {
                let (name, leaves) = ("A-\(step % 3)", [false, true, true, false, true, true, true, false][step / 3])
                // What was published has been remembered.
                if step % 6 == 0 { _ = try published.reader.waitFor(step) }
                let answer = try services[step < joining ? 0 : step % 2].client().post(
                    "/predict",
                    leaves
                        ? customer(name, frequency: "0.05", check: "5", days: "180", services: "1")
                        : customer(name, frequency: "9", days: "1", services: "6")
                ).json()
                let id = try #require(answer["prediction_id"]?.string)
                #expect(answer["churn"] == .boolean(leaves))
                if leaves, before[name] != true { expected.insert(id) }
                before[name] = leaves
            }
            try #require(expected.count == 6)
            let predictions = try published.reader.waitFor(24)
            let messages = try alerts.waitFor(6)
            #expect(Set(messages.compactMap { $0.headers["ce_id"] }) == expected && messages.count == 6)
            #expect(messages.allSatisfy { $0.headers["ce_type"] == "churn.alert" })
            for alert in messages {
                #expect(predictions.contains { $0.value == alert.value && $0.key == alert.key })
            }
            for service in services { #expect(try service.terminate() == .code(0)) }
        }

        @Test func `brokers that go and come back cost no answer and no event`() throws {
            let service = try start()
            let load = Load(port: service.port, connections: 4, name: "B")
            try load.waitForMore(200)
            for _ in 0..<3 {
                try kafka.setDown(true)
                try load.waitForMore(2000, within: 60)
                try kafka.setDown(false)
                try load.waitForMore(500, within: 60)
            }
            let told = load.stop()
            #expect(told.refused.isEmpty && told.broken.isEmpty)
            try published.expectEveryRow()
            published.expect(told)
            try eventually("the lag to end") { try shows(service, metric: "churn_publish_lag_rows 0") }
            #expect(try service.terminate() == .code(0))
            #expect(try openWriters() == "0")
        }

        @Test func `without a broker the service stops in time, and the next start publishes the rest`() throws {
            try kafka.setDown(true)
            let service = try start()
            let load = Load(port: service.port, connections: 4, name: "S")
            try load.waitForMore(1000)
            let began = monotonicSeconds()
            #expect(try service.terminate() == .code(0))
            #expect(monotonicSeconds() - began < 15)
            let told = load.stop()
            #expect(told.refused.isEmpty && told.broken.isEmpty)
            try kafka.setDown(false)
            let next = try start()
            try published.expectEveryRow()
            published.expect(told)
            #expect(try next.terminate() == .code(0))
        }

        @Test func `settings that no producer can be made of end the start with the name and without the value`() throws
        {
            for (name, value) in [
                ("KAFKA_CONFIG_no_such_setting", "s3cret"), ("KAFKA_CONFIG_linger_ms", "s3cret"),
                ("KAFKA_SECURITY_PROTOCOL", "s3cret"), ("KAFKA_CONFIG_acks", "1"),
            ] {
                let result = try runCommand(
                    [churnBinary(), "serve", "--port", "0"],
                    environment: ["DATABASE_URL": psql.connection, "KAFKA_BROKERS": "127.0.0.1:1", name: value],
                    directory: repositoryFolder, within: 20)
                #expect(result.exit == .code(78), "\(name): \(result.errors)")
                #expect(!result.errors.contains("s3cret") && result.errors.contains("not"))
            }
        }
    }
}
