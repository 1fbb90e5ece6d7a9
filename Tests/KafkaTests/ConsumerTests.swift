import Kafka
import TestSupport
import Testing

/// The consumer against brokers that speak the real protocol, fed by another client.
struct ConsumerTests {
    let kafka: MockKafka

    init() throws { kafka = try MockKafka(topics: ["orders:3"]) }

    /// Produces lines `key|value` with kcat.
    private func feed(_ lines: [String], topic: String = "orders") throws {
        let folder = try TemporaryFolder()
        try write(Array((lines.joined(separator: "\n") + "\n").utf8), toFile: folder.path + "/lines")
        _ = try output(of: [
            "kcat", "-b", kafka.brokers, "-P", "-t", topic, "-K", "|", "-H", "trace=t-1", "-l", folder.path + "/lines",
        ])
    }

    private func consumer(group: String = "g") throws -> Consumer {
        try Consumer(
            group: group, topics: ["orders"],
            [("bootstrap.servers", kafka.brokers), ("session.timeout.ms", "6000"), ("heartbeat.interval.ms", "200")])
    }

    private struct Read: Hashable {
        let partition: Int32
        let offset: Int64
        let key: String
        let value: String
        let trace: String
    }

    private struct Reading {
        var messages: [Read] = []
        var assigned: [TopicPartition] = []
        var revokes = 0

        /// Polls until the condition holds, and begins each new partition where it is told.
        mutating func poll(
            _ consumer: inout Consumer, within seconds: Double = 20, from: (TopicPartition) -> Int64 = { _ in 0 },
            until isDone: (Reading) -> Bool
        ) throws {
            let deadline = monotonicSeconds() + seconds
            while !isDone(self) {
                try #require(monotonicSeconds() < deadline, "\(messages.count) messages of \(assigned)")
                guard let event = consumer.poll(milliseconds: 20) else { continue }
                switch consume event {
                case .message(let message):
                    messages.append(
                        Read(
                            partition: message.partition, offset: message.offset, key: text(message.key),
                            value: text(message.value),
                            trace: String(decoding: message.header("trace"), as: UTF8.self)))
                case .assigned(let places):
                    assigned = places
                    consumer.assign(places.map { ($0, offset: from($0)) })
                case .revoked:
                    revokes += 1
                    assigned = []
                    consumer.unassign()
                case .error(let error, _): #expect(!error.isFatal)
                case .log: continue
                }
            }
        }

        private func text(_ span: Span<UInt8>) -> String {
            String(decoding: (0..<span.count).map { span[$0] }, as: UTF8.self)
        }
    }

    @Test func `messages come with key, value, header and place, from where it was told to begin`() throws {
        try feed((0..<90).map { "k\($0)|v\($0)" })
        var consumer = try consumer()
        var reading = Reading()
        try reading.poll(&consumer) { $0.messages.count >= 90 }
        #expect(Set(reading.messages.map(\.value)) == Set((0..<90).map { "v\($0)" }))
        #expect(reading.messages.allSatisfy { $0.key == "k" + $0.value.dropFirst() && $0.trace == "t-1" })
        for partition in 0..<3 {
            let offsets = reading.messages.filter { $0.partition == partition }.map(\.offset)
            #expect(offsets == Array(0..<Int64(offsets.count)), "in order, without gaps")
        }
        var second = try self.consumer(group: "other")
        var later = Reading()
        let bounds = try consumer.bounds(TopicPartition(topic: "orders", partition: 1))
        #expect(bounds == 0..<Int64(reading.messages.filter { $0.partition == 1 }.count))
        let expected = reading.messages.filter { $0.offset >= 10 }
        try later.poll(&second, from: { _ in 10 }) { $0.messages.count >= expected.count }
        #expect(Set(later.messages) == Set(expected))
    }

    @Test func `a place that is sought is read again, and a pause lets nothing through`() throws {
        try feed((0..<30).map { "k\($0)|v\($0)" })
        var consumer = try consumer()
        var reading = Reading()
        try reading.poll(&consumer) { $0.messages.count >= 30 }
        let place = TopicPartition(topic: "orders", partition: try #require(reading.messages.first).partition)
        let count = reading.messages.filter { $0.partition == place.partition }.count
        try consumer.seek(place, to: 0)
        try reading.poll(&consumer) { $0.messages.count >= 30 + count }
        #expect(reading.messages.suffix(count).allSatisfy { $0.partition == place.partition })

        consumer.pause(reading.assigned)
        try feed((0..<30).map { "k\($0)|w\($0)" })
        let start = monotonicSeconds()
        try reading.poll(&consumer) { _ in monotonicSeconds() - start > 0.5 }
        #expect(reading.messages.count == 30 + count)
        consumer.resume(reading.assigned)
        try reading.poll(&consumer) { $0.messages.count >= 60 + count }
    }

    @Test func `what is committed is known to the group, and what is not is not`() throws {
        try feed(["k|v"])
        var consumer = try consumer()
        var reading = Reading()
        try reading.poll(&consumer) { !$0.messages.isEmpty }
        let place = TopicPartition(topic: "orders", partition: reading.messages[0].partition)
        #expect(try consumer.committed(place) == nil)
        try consumer.commit(place, next: 1, waits: true)
        #expect(try consumer.committed(place) == 1)
        #expect(try consumer.committed(TopicPartition(topic: "orders", partition: (place.partition + 1) % 3)) == nil)
    }

    @Test func `partitions are shared out among the members of a group, and come back when one leaves`() throws {
        var first: Consumer? = try consumer()
        var second = try consumer()
        var (one, two) = (Reading(), Reading())
        let deadline = monotonicSeconds() + 30
        while one.assigned.count + two.assigned.count != 3 || one.assigned.isEmpty || two.assigned.isEmpty {
            try #require(monotonicSeconds() < deadline, "\(one.assigned) \(two.assigned)")
            try step(&first!, &one)
            try step(&second, &two)
        }
        #expect(Set(one.assigned).isDisjoint(with: two.assigned))
        first = nil
        try two.poll(&second, within: 30) { $0.assigned.count == 3 }
    }

    private func step(_ consumer: inout Consumer, _ reading: inout Reading) throws {
        var polls = 0
        try reading.poll(&consumer) { _ in
            polls += 1
            return polls > 2
        }
    }
}
