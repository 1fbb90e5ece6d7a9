import Glibc
import TestSupport
import Testing

extension EndToEndWithKafka {
    /// `churn consume`.
    struct ConsumeTests {
        let stand: IntakeStand

        init() throws { stand = try IntakeStand() }

        @Test func `it takes in both topics, tells of itself and of nothing else, and answers on churn.predictions`()
            throws
        {
            let published = Published(
                psql: stand.psql, reader: try KafkaReader(stand.kafka.brokers, topic: "churn.predictions"))
            let process = try stand.start()
            try stand.feed(requests: names("R", 50))
            try stand.feed(events: names("E", 50))
            try stand.expectOnce(names("R", 50), in: "predictions")
            try stand.expectOnce(names("E", 50), in: "events")
            try published.expectEveryRow()
            let client = try process.client()
            for path in ["/", "/model", "/history", "/customers", "/openapi.json"] {
                #expect(try client.get(path).status == 404, "\(path)")
            }
            #expect(try client.post("/predict", customer("x")).status == 404)
            #expect(try client.get("/health/live").status == 200)
            for partition in 0..<3 {
                let name = #"churn_consumer_lag{topic="churn.events",partition="\#(partition)"}"#
                try eventually("the lag") { try stand.metric(name, process) == 0 }
            }
            #expect(try stand.metric(#"churn_consumer_stopped_partitions{topic="churn.events"}"#, process) == 0)
            #expect(try process.terminate() == .code(0))
            #expect(try stand.psql.value("SELECT count(*) FROM writers WHERE closed_at IS NULL") == "0")
        }

        @Test func `the lag is what has not been taken in`() throws {
            let process = try stand.start(topics: ["EVENTS"])
            try stand.feed(events: names("A", 30))
            try stand.expectOnce(names("A", 30), in: "events")
            let lock = try ChildProcess([
                "psql", "-X", "-d", stand.psql.connection, "-c",
                "BEGIN; LOCK TABLE events IN EXCLUSIVE MODE; SELECT pg_sleep(600)",
            ])
            let holder = "FROM pg_locks WHERE relation = 'events'::regclass AND mode = 'ExclusiveLock' AND granted"
            try eventually("the table lock") { try stand.psql.value("SELECT count(*) \(holder)") == "1" }
            // In portions, so that messages of one partition stand between those of the others, and none waits for all before it.
            for part in 0..<20 { try stand.feed(events: names("B\(part)-", 3)) }
            try eventually("the lag of all partitions to be 60", within: 30) {
                let lags = try (0..<3).compactMap {
                    try stand.metric(#"churn_consumer_lag{topic="churn.events",partition="\#($0)"}"#, process)
                }
                return lags.reduce(0, +) == 60
            }
            _ = try stand.psql.rows("SELECT pg_terminate_backend(pid) \(holder)")
            lock.send(SIGKILL)
            try stand.expectOnce(names("A", 30) + (0..<20).flatMap { names("B\($0)-", 3) }, in: "events")
            #expect(try process.terminate() == .code(0))
        }

        @Test func `without topics, or a broker, it says what it wants`() throws {
            for environment in [[:], ["KAFKA_BROKERS": "127.0.0.1:1"]] {
                let result = try runCommand([churnBinary(), "consume"], environment: environment, within: 20)
                #expect(result.exit == .code(78) && result.errors.contains("--topic-requests"))
            }
        }

        @Test func `a SIGTERM while Kafka is away ends it in time`() throws {
            let process = try stand.start()
            try stand.feed(events: names("A", 30))
            try stand.expectOnce(names("A", 30), in: "events")
            try stand.kafka.setDown(true)
            try eventually("the loss to be noticed", within: 30) { process.log.contains(#""facility":"FAIL""#) }
            #expect(try process.terminate(within: 28) == .code(0))
        }

        /// Each in a group of its own, so both read every message.
        @Test func `a message that two read at once makes one row`() throws {
            let processes = try ["one", "two"].map { try stand.start(environment: ["KAFKA_GROUP": $0]) }
            try stand.feed(events: ["first-e"])
            try stand.feed(requests: ["first-r"])
            try stand.expectOnce(["first-e"], in: "events")
            try stand.expectOnce(["first-r"], in: "predictions")
            // Who came second found places in the table and none in its group, and stopped: now both begin, each where the
            // table is by then.
            for topic in ["churn.events", "churn.requests"] { #expect(try stand.reset(topic).exit == .code(0)) }
            for process in processes {
                for topic in ["churn.events", "churn.requests"] {
                    try eventually("both to read \(topic)", within: 30) {
                        let stopped = #"churn_consumer_stopped_partitions{topic="\#(topic)"}"#
                        return try stand.metric(stopped, process) == 0
                    }
                }
            }
            for table in ["events", "predictions"] {
                try eventually("the first one to be read again, once") {
                    try stand.psql.value("SELECT count(*) FROM \(table)") == "2"
                }
            }
            _ = try stand.psql.rows("DELETE FROM events RETURNING 1")
            _ = try stand.psql.rows("DELETE FROM predictions RETURNING 1")
            for round in 0..<5 {
                try stand.feed(events: names("E-\(round)", 300))
                try stand.feed(requests: names("R-\(round)", 300))
            }
            let (events, requests) = (0..<5).reduce(into: ([String](), [String]())) { all, round in
                all.0 += names("E-\(round)", 300)
                all.1 += names("R-\(round)", 300)
            }
            try stand.expectOnce(events, in: "events", within: 60)
            try stand.expectOnce(requests, in: "predictions", within: 60)
            let isContested = processes.contains { $0.log.contains("somebody else has taken this partition further") }
            #expect(isContested, "the two never met")
            for process in processes { #expect(try process.terminate() == .code(0)) }
        }

        @Test func `a reader at rest notices that its topic is to be read from the beginning`() throws {
            let process = try stand.start(topics: ["REQUESTS"])
            try stand.feed(requests: names("A", 30))
            try stand.expectOnce(names("A", 30), in: "predictions")
            for again in 2...3 {
                #expect(try stand.reset("churn.requests").exit == .code(0))
                try eventually("every request to be stored once more") {
                    try stand.psql.value("SELECT count(*) FROM predictions") == "\(again * 30)"
                }
            }
            #expect(try process.terminate() == .code(0))
        }

        @Test func `members come and go, and nothing is lost or doubled`() throws {
            var all: [String] = []
            var processes = [try stand.start(), try stand.start()]
            for round in 0..<4 {
                let more = names("M-\(round)", 400)
                all += more
                try stand.feed(events: more)
                try stand.feed(requests: more)
                if round % 2 == 0 {
                    processes.append(try stand.start())
                } else {
                    #expect(try processes.removeFirst().terminate() == .code(0))
                }
            }
            try stand.expectOnce(all, in: "events", within: 60)
            try stand.expectOnce(all, in: "predictions", within: 60)
            for process in processes { #expect(try process.terminate() == .code(0)) }
        }

        @Test func `thirty kills at any moment lose and double nothing`() throws {
            let seed: UInt64 = 20_261_126
            var random = SeededGenerator(seed: seed)
            let published = Published(
                psql: stand.psql, reader: try KafkaReader(stand.kafka.brokers, topic: "churn.predictions"))
            var all: [String] = []
            for round in 0..<30 {
                let process = try stand.start()
                let more = names("K-\(round)", 150)
                all += more
                try stand.feed(events: more)
                try stand.feed(requests: more)
                poll(nil, 0, CInt.random(in: 0...1500, using: &random))
                process.kill()
            }
            let last = try stand.start()
            try stand.expectOnce(all, in: "events", within: 90)
            try stand.expectOnce(all, in: "predictions", within: 90)
            try published.expectEveryRow(within: 60)
            #expect(try last.terminate() == .code(0), "seed \(seed)")
        }
    }
}
