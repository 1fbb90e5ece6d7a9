import Glibc
import TestSupport
import Testing

extension EndToEndWithKafka {
    /// Brokers that go, with or without what they had.
    struct KafkaOutageTests {
        let stand: IntakeStand
        let published: Published

        init() throws {
            stand = try IntakeStand()
            published = Published(
                psql: stand.psql, reader: try KafkaReader(stand.kafka.brokers, topic: "churn.predictions"))
        }

        /// As long as `CHURN_OUTAGE_SECONDS` says; `make test-outage` says two minutes.
        private static let outageSeconds = unsafe getenv("CHURN_OUTAGE_SECONDS").flatMap {
            Double(unsafe String(cString: $0))
        }

        @Test func `an outage under load costs no answer, no event, no message and no memory`() throws {
            let seconds = Self.outageSeconds ?? 8
            let service = try stand.start("serve")
            try stand.feed(requests: names("A", 100))
            try stand.feed(events: names("A", 100))
            try stand.expectOnce(names("A", 100), in: "events")
            let load = Load(port: service.port, connections: 4, name: "O")
            try load.waitForMore(1000, within: 60)
            try stand.kafka.setDown(true)
            let start = monotonicSeconds()
            try eventually("half of the outage", within: seconds) { monotonicSeconds() - start > seconds / 2 }
            let before = try #require(try stand.metric("process_resident_memory_bytes", service))
            try eventually("the end of the outage", within: seconds) { monotonicSeconds() - start > seconds }
            let after = try #require(try stand.metric("process_resident_memory_bytes", service))
            try stand.kafka.setDown(false)
            // AddressSanitizer keeps what is freed: up to 256 MiB of it.
            #expect(after < before * 1.1 || isSanitized, "\(before) to \(after) bytes")
            try load.waitForMore(100, within: 30)
            try stand.feed(requests: names("B", 100))
            try stand.feed(events: names("B", 100))
            let told = load.stop()
            #expect(told.refused.isEmpty && told.broken.isEmpty)
            try stand.expectOnce(names("A", 100) + names("B", 100), in: "events", within: 60)
            try eventually("the requests", within: 60) {
                try stand.psql.value("SELECT count(*) FROM predictions WHERE source = 'kafka'") == "200"
            }
            try told.expectExactlyOnce(in: stand.psql, name: "O")
            try published.expectEveryRow(within: 60 + seconds)
            published.expect(told)
            #expect(try service.terminate() == .code(0))
        }

        /// A broker answers late, and dies before: what it stored comes again, under the same id.
        @Test func `a broker that dies between storing and acknowledging loses nothing`() throws {
            let seed: UInt64 = 20_261_127
            var random = SeededGenerator(seed: seed)
            let service = try stand.start("serve", topics: [])
            let client = try service.client()
            var doubled = 0
            for round in 0..<20 where doubled == 0 {
                try stand.kafka.tell("rtt 1 500")
                for number in 0..<20 {
                    #expect(try client.post("/predict", customer("L-\(round)-\(number)")).status == 200)
                }
                poll(nil, 0, CInt.random(in: 50...400, using: &random))
                try stand.kafka.setDown(true)
                try stand.kafka.tell("rtt 1 0")
                try stand.kafka.setDown(false)
                doubled = try published.expectEveryRow(within: 30).count { $0.value > 1 }
            }
            #expect(doubled > 0, "no acknowledgement was ever lost, seed \(seed)")
            #expect(try service.terminate() == .code(0))
            #expect(try stand.psql.value("SELECT count(*) FROM writers WHERE closed_at IS NULL") == "0")
        }

        @Test func `a topic that is made anew under its reader waits for a person, then counts from its beginning`()
            throws
        {
            let process = try stand.start(topics: ["EVENTS"])
            try stand.feed(events: names("A", 60))
            try stand.expectOnce(names("A", 60), in: "events")
            let port = stand.kafka.port
            try stand.kafka.kill()
            let anew = try IntakeStand(
                psql: stand.psql, kafka: try MockKafka(topics: IntakeStand.topics, port: port))
            try anew.feed(events: names("B", 30))
            try eventually("all partitions to be stopped", within: 60) {
                try stand.metric(#"churn_consumer_stopped_partitions{topic="churn.events"}"#, process) == 3
            }
            try anew.feed(events: names("C", 60))
            #expect(process.log.contains("churn consume --reset"))
            try stand.expectOnce(names("A", 60), in: "events")
            #expect(try stand.reset("churn.events").exit == .code(0))
            try anew.expectOnce(names("A", 60) + names("B", 30) + names("C", 60), in: "events")
            #expect(try process.terminate() == .code(0))
        }

        @Test func `a topic that was made anew while nobody read it waits, too`() throws {
            let first = try stand.start()
            try stand.feed(requests: names("A", 60))
            try stand.expectOnce(names("A", 60), in: "predictions")
            #expect(try first.terminate() == .code(0))
            let anew = try IntakeStand(psql: stand.psql)
            try anew.feed(requests: names("B", 60))
            let second = try anew.start()
            try eventually("all partitions to be stopped", within: 60) {
                try anew.metric(#"churn_consumer_stopped_partitions{topic="churn.requests"}"#, second) == 3
            }
            try anew.expectOnce(names("A", 60), in: "predictions")
            #expect(try anew.reset("churn.requests").exit == .code(0))
            try anew.expectOnce(names("A", 60) + names("B", 60), in: "predictions")
            #expect(try second.terminate() == .code(0))
        }

        /// 1 is both the request, Fetch, and the error: offset out of range.
        @Test func `a broker that does not find a place is asked again, and nothing is passed over`() throws {
            let process = try stand.start(topics: ["EVENTS"])
            var all = names("A", 60)
            try stand.feed(events: all)
            try stand.expectOnce(all, in: "events")
            for round in 0..<3 {
                try stand.kafka.tell("error 1 1 3")
                let more = names("B-\(round)", 60)
                all += more
                try stand.feed(events: more)
                try stand.expectOnce(all, in: "events")
            }
            #expect(try process.terminate() == .code(0))
        }
    }
}
