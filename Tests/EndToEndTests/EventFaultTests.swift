import Glibc
import TestSupport
import Testing

extension EndToEndWithKafka {
    /// What breaks between the table and Kafka costs no event.
    struct EventFaultTests {
        let psql: Psql
        let kafka: MockKafka
        let published: Published

        init() throws {
            psql = Psql(try TemporaryPostgres.shared.makeDatabase())
            kafka = try MockKafka(topics: ["churn.predictions:4", "churn.dead-letter:1", "churn.alerts:1"])
            published = Published(psql: psql, reader: try KafkaReader(kafka.brokers, topic: "churn.predictions"))
        }

        private func start(_ environment: [String: String] = [:]) throws -> ServiceProcess {
            var environment = environment
            environment["KAFKA_BROKERS"] = kafka.brokers
            let service = try ServiceProcess(databaseURL: psql.connection, environment: environment)
            try service.waitUntilReady()
            return service
        }

        private func metric(_ name: String, _ service: ServiceProcess) throws -> Double {
            let line = try service.client().get("/metrics").text.split(separator: "\n").first {
                $0.hasPrefix(name + " ")
            }
            return try #require(line?.split(separator: " ").last.flatMap { Double($0) })
        }

        @Test func `thirty kills, with a broker and without, lose no event`() throws {
            let seed: UInt64 = 20_260_402
            var random = SeededGenerator(seed: seed)
            var told = Load.Record()
            for round in 0..<30 {
                let service = try start()
                let load = Load(port: service.port, connections: 4, name: "K-\(round)")
                try load.waitForMore(1)
                if round % 3 == 1 { try kafka.setDown(true) }
                poll(nil, 0, CInt.random(in: 0...400, using: &random))
                if round % 3 == 2 { try kafka.setDown(false) }
                poll(nil, 0, CInt.random(in: 0...200, using: &random))
                service.kill()
                let record = load.stop()
                told.acknowledged.merge(record.acknowledged) { first, _ in first }
                #expect(record.refused.isEmpty, "round \(round) of seed \(seed)")
            }
            try kafka.setDown(false)
            let last = try start()
            let counts = try published.expectEveryRow(within: 60)
            published.expect(told)
            try told.expectExactlyOnce(in: psql, name: "K")
            #expect(counts.values.reduce(0, +) < counts.count * 3, "published again and again")
            try eventually("all writers to be closed") {
                try psql.value("SELECT count(*) FROM writers WHERE closed_at IS NULL") == "0"
            }
            #expect(try last.terminate() == .code(0))
        }

        @Test func `of two instances one dies for good: the other publishes what it left`() throws {
            let survivor = try start()
            let victim = try start()
            let load = Load(port: victim.port, connections: 4, name: "V")
            try load.waitForMore(300)
            try kafka.setDown(true)
            try load.waitForMore(600, within: 30)
            victim.kill()
            let told = load.stop()
            #expect(try survivor.client().post("/predict", customer("survivor")).status == 200)
            try kafka.setDown(false)
            try published.expectEveryRow()
            published.expect(told)
            try eventually("the writers of the dead instance to be closed") {
                try psql.value("SELECT count(*) FROM writers WHERE closed_at IS NULL") == "1"
            }
            #expect(try survivor.terminate() == .code(0))
        }

        /// Broker errors that end an idempotent producer: 45 out of order sequence, 47 invalid producer epoch.
        @Test func `a producer that comes to its end is made anew and loses nothing`() throws {
            let service = try start()
            let load = Load(port: service.port, connections: 4, name: "F")
            for round in 1...3 {
                try load.waitForMore(200)
                try kafka.tell("error 0 45 2")
                try eventually("producer \(round) to end", within: 20) {
                    try metric("churn_kafka_producer_restarts_total", service) >= Double(round)
                }
            }
            try load.waitForMore(200)
            let told = load.stop()
            #expect(told.refused.isEmpty && told.broken.isEmpty)
            try published.expectEveryRow()
            published.expect(told)
            #expect(try service.terminate() == .code(0))
        }

        /// Broker errors that pass: 6 not the leader, 7 request timed out, 19 not enough replicas.
        ///
        /// One request at a time: the mock cluster does not look at sequence numbers, and takes the second of two whose first
        /// it has refused. No broker does, so librdkafka believes the first to be stored when the second is.
        @Test(arguments: [6, 7, 19])
        func `a broker that cannot store for a moment is asked again, and a customer's events keep their order`(
            code: Int
        ) throws {
            let service = try start(["KAFKA_CONFIG_max_in_flight_requests_per_connection": "1"])
            let client = try service.client()
            for _ in 0..<2 {
                try kafka.tell("error 0 \(code) 2")
                for _ in 0..<20 { #expect(try client.post("/predict", customer("always the same")).status == 200) }
            }
            try published.expectEveryRow()
            var seen: Set<String> = []
            let order = published.reader.messages.compactMap { $0.headers["ce_id"] }.filter { seen.insert($0).inserted }
            #expect(order.count == 40 && order == order.sorted())
            #expect(try service.terminate() == .code(0))
        }

        @Test func `a topic that is refused gives nothing up`() throws {
            try kafka.tell("topicerror churn.predictions 3")
            let service = try start([
                "KAFKA_CONFIG_topic_metadata_propagation_max_ms": "500",
                "KAFKA_CONFIG_topic.metadata.refresh.interval.ms": "500",
            ])
            let load = Load(port: service.port, connections: 4, name: "U")
            try load.waitForMore(300)
            try eventually("the refusal") { service.log.contains("Kafka did not take events") }
            let told = load.stop()
            #expect(told.refused.isEmpty && told.broken.isEmpty)
            try kafka.tell("topicerror churn.predictions 0")
            // The first reader gave up when its topic went.
            let again = Published(psql: psql, reader: try KafkaReader(kafka.brokers, topic: "churn.predictions"))
            try again.expectEveryRow(within: 60)
            again.expect(told)
            #expect(try service.terminate() == .code(0))
        }

        @Test func `a row that is refused for its size goes to the dead-letter topic, and the others do not`() throws {
            let letters = try KafkaReader(kafka.brokers, topic: "churn.dead-letter")
            let service = try start(["KAFKA_CONFIG_message_max_bytes": "1400"])
            let client = try service.client()
            for number in 0..<10 { #expect(try client.post("/predict", customer("small-\(number)")).status == 200) }
            let large = String(repeating: "L", count: 250) + String(repeating: "é", count: 3)
            let id = try #require(try client.post("/predict", customer(large)).json()["prediction_id"]?.string)
            for number in 10..<20 { #expect(try client.post("/predict", customer("small-\(number)")).status == 200) }
            let letter = try #require(try letters.waitFor(1).first)
            #expect(letter.value == #"{"prediction_id":"\#(id)","reason":"too-large"}"#)
            #expect(letter.headers["reason"] == "too-large" && letter.headers["ce_id"] == id && letter.key == large)
            #expect(try published.reader.waitFor(20).count == 20)
            #expect(try service.terminate() == .code(0))
            #expect(try psql.value("SELECT count(*) FROM writers WHERE closed_at IS NULL") == "0")
            #expect(!service.log.contains("LLLL"))
        }

        @Test func `a batch that the broker refuses for its size is sent row by row`() throws {
            let letters = try KafkaReader(kafka.brokers, topic: "churn.dead-letter")
            let service = try start()
            let client = try service.client()
            #expect(try client.post("/predict", customer("before")).status == 200)
            _ = try published.reader.waitFor(1)
            // The batch, then its row alone: a dead letter. The next batch, and not its rows: none.
            try kafka.tell("error 0 10 2")
            let alone = try #require(try client.post("/predict", customer("alone")).json()["prediction_id"]?.string)
            #expect(try letters.waitFor(1).first?.value == #"{"prediction_id":"\#(alone)","reason":"refused-record"}"#)
            try kafka.tell("error 0 10 1")
            let rows = batch((0..<20).map { customer("together-\($0)") })
            #expect(try client.post("/predict", rows).status == 200)
            #expect(try client.post("/predict", customer("after")).status == 200)
            let expected = Set(["before", "after"] + (0..<20).map { "together-\($0)" })
            try eventually("all events", within: 40) { Set(published.reader.messages.map(\.key)) == expected }
            #expect(letters.messages.count == 1)
            #expect(try service.terminate() == .code(0))
        }

        @Test func `a queue that is full costs nothing`() throws {
            let service = try start(["KAFKA_CONFIG_queue_buffering_max_messages": "10"])
            let load = Load(port: service.port, connections: 8, name: "Q")
            try load.waitForMore(1000, within: 60)
            let told = load.stop()
            #expect(told.refused.isEmpty && told.broken.isEmpty)
            try published.expectEveryRow()
            published.expect(told)
            #expect(try service.terminate() == .code(0))
        }
    }
}
