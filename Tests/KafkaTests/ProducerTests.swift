import Kafka
import TestSupport
import Testing

/// The producer against brokers that speak the real protocol, read back with another client.
struct ProducerTests {
    private func settings(_ kafka: MockKafka, _ more: (name: String, value: String)...) -> [(
        name: String, value: String
    )] {
        [("bootstrap.servers", kafka.brokers), ("reconnect.backoff.max.ms", "200")] + more
    }

    private func send(
        _ producer: inout Producer, _ topic: Producer.Topic, key: String, _ value: String, tag: UInt,
        isChanging: Bool = false
    ) throws(KafkaError) {
        var headers = MessageHeaders(capacity: 2)
        headers.append("first", "1")
        headers.append("second", Array("zwei".utf8).span, isChanging: isChanging)
        let (key, value) = (Array(key.utf8), Array(value.utf8))
        try producer.produce(
            to: topic, key: key.span, value: value.span, milliseconds: 1_700_000_000_123, headers: headers, tag: tag)
    }

    /// Takes reports until there are as many as asked for.
    private func reports(
        _ producer: inout Producer, _ count: Int, within seconds: Double = 20
    ) throws -> [DeliveryReport] {
        var all: [DeliveryReport] = []
        let deadline = monotonicSeconds() + seconds
        while all.count < count, monotonicSeconds() < deadline {
            var some: [DeliveryReport] = []
            _ = producer.take(&some)
            all += some
            producer.flush(milliseconds: 5)
        }
        try #require(all.count == count)
        return all
    }

    @Test func `a message arrives with key, value, headers and time, and is reported by its tag`() throws {
        let kafka = try MockKafka(topics: ["greetings:3"])
        let reader = try KafkaReader(kafka.brokers, topic: "greetings")
        var producer = try Producer(settings(kafka))
        let topic = try producer.topic("greetings")
        for number in 0..<100 {
            try send(&producer, topic, key: "key-\(number % 7)", "value-\(number)", tag: UInt(number))
        }
        let reports = try reports(&producer, 100)
        #expect(reports.allSatisfy { $0.error == nil })
        #expect(reports.map(\.tag).sorted() == Array(0..<100))
        let messages = try reader.waitFor(100)
        #expect(messages.count == 100)
        #expect(messages.allSatisfy { $0.headers == ["first": "1", "second": "zwei"] })
        #expect(messages.allSatisfy { $0.milliseconds == 1_700_000_000_123 })
        for key in 0..<7 {
            let ofKey = messages.filter { $0.key == "key-\(key)" }
            #expect(Set(ofKey.map(\.partition)).count == 1, "one key, one partition")
            let numbers = ofKey.compactMap { Int($0.value.dropFirst("value-".count)) }
            #expect(numbers == numbers.sorted() && numbers.count >= 14, "in the order in which they were sent")
        }
    }

    /// Whether there were headers to be written over, which are gone then.
    private func takesSpareHeaders(_ producer: inout Producer, _ topic: Producer.Topic) -> Bool {
        producer.spareHeaders(topic) != nil
    }

    @Test func `headers of a delivered message are written over and used again`() throws {
        let kafka = try MockKafka(topics: ["again:1"])
        let reader = try KafkaReader(kafka.brokers, topic: "again")
        var producer = try Producer(settings(kafka))
        let topic = try producer.topic("again")
        let before = takesSpareHeaders(&producer, topic)
        try send(&producer, topic, key: "k", "0", tag: 0, isChanging: true)
        _ = try reports(&producer, 1)
        guard var headers = producer.spareHeaders(topic) else {
            Issue.record("the message left no headers")
            return
        }
        let after = takesSpareHeaders(&producer, topic)
        #expect(!before && !after, "there was one message")
        let isWritten = headers.overwrite(0, Array("drei".utf8).span)
        let hasOtherSize = headers.overwrite(0, Array("eins!".utf8).span)
        let isNone = headers.overwrite(1, Array("drei".utf8).span)
        #expect(isWritten && !hasOtherSize && !isNone)
        let (key, value) = (Array("k".utf8), Array("1".utf8))
        try producer.produce(
            to: topic, key: key.span, value: value.span, milliseconds: 1, headers: headers, tag: 1)
        _ = try reports(&producer, 1)
        let found = try reader.waitFor(2).map(\.headers)
        #expect(found == [["first": "1", "second": "zwei"], ["first": "1", "second": "drei"]])
    }

    @Test func `headers are used again for messages of their kind, and only where values of them change`() throws {
        let kafka = try MockKafka(topics: ["one:1"])
        var producer = try Producer(settings(kafka))
        // Under one name, as events and alerts may be.
        let (first, second) = (try producer.topic("one"), try producer.topic("one"))
        try send(&producer, first, key: "k", "v", tag: 1, isChanging: true)
        try send(&producer, second, key: "k", "v", tag: 2)
        let tags = try reports(&producer, 2).map(\.tag)
        let spares = [takesSpareHeaders(&producer, first), takesSpareHeaders(&producer, second)]
        #expect(tags == [1, 2] && spares == [true, false])
    }

    /// The bytes and partitions are those of Kafka's own tests of `Utils.murmur2` and its default partitioner.
    @Test(arguments: [("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536)])
    func `a key is on the partition that Kafka's own client chooses`(key: String, murmur2: Int) throws {
        let kafka = try MockKafka(topics: ["keyed:12"])
        let reader = try KafkaReader(kafka.brokers, topic: "keyed")
        var producer = try Producer(settings(kafka))
        let topic = try producer.topic("keyed")
        try send(&producer, topic, key: key, "x", tag: 1)
        #expect(try reader.waitFor(1).map(\.partition) == [(murmur2 & 0x7FFF_FFFF) % 12])
    }

    @Test func `a broker that is away delays messages and loses none`() throws {
        let kafka = try MockKafka(topics: ["away:1"])
        let reader = try KafkaReader(kafka.brokers, topic: "away")
        var producer = try Producer(settings(kafka))
        let topic = try producer.topic("away")
        try send(&producer, topic, key: "k", "0", tag: 0, isChanging: true)
        _ = try reports(&producer, 1)
        try kafka.setDown(true)
        for number in 1...50 { try send(&producer, topic, key: "k", "\(number)", tag: UInt(number)) }
        var none: [DeliveryReport] = []
        try eventually("the loss to be noticed") {
            producer.take(&none).contains { if case .error(let error) = $0 { error.isEveryBrokerDown } else { false } }
        }
        #expect(none.isEmpty)
        try kafka.setDown(false)
        let reports = try reports(&producer, 50)
        #expect(reports.allSatisfy { $0.error == nil })
        #expect(try reader.waitFor(51).map(\.value) == (0...50).map(String.init))
    }

    @Test func `a full queue says so at once`() throws {
        let kafka = try MockKafka(topics: ["full:1"])
        try kafka.setDown(true)
        var producer = try Producer(settings(kafka, ("queue.buffering.max.messages", "10")))
        let topic = try producer.topic("full")
        var taken = 0
        let error = #expect(throws: KafkaError.self) {
            while true {
                try send(&producer, topic, key: "k", "v", tag: 0)
                taken += 1
            }
        }
        #expect(taken == 10)
        #expect(error?.isQueueFull == true && error?.isRetriable == true && error?.isFatal == false)
    }

    @Test func `a message that is too large is refused alone, here or by the broker`() throws {
        let kafka = try MockKafka(topics: ["large:1"])
        var producer = try Producer(settings(kafka, ("message.max.bytes", "1000")))
        let topic = try producer.topic("large")
        let error = #expect(throws: KafkaError.self) {
            try send(&producer, topic, key: "k", String(repeating: "x", count: 2000), tag: 1)
        }
        #expect(error?.isRefusedRecord == true && error?.isRetriable == false)
        try kafka.tell("error 0 10 1")
        try send(&producer, topic, key: "k", "x", tag: 2)
        let report = try #require(try reports(&producer, 1).first)
        #expect(report.tag == 2 && report.error?.isRefusedRecord == true && report.error?.isFatal == false)
    }

    @Test func `a topic that the brokers do not give is an error that may pass`() throws {
        let kafka = try MockKafka(topics: ["unknown:1"])
        try kafka.tell("topicerror unknown 3")
        var producer = try Producer(settings(kafka, ("topic.metadata.propagation.max.ms", "100")))
        let topic = try producer.topic("unknown")
        try send(&producer, topic, key: "k", "x", tag: 3)
        let report = try #require(try reports(&producer, 1).first)
        #expect(report.error?.isRetriable == true && report.error?.isRefusedRecord == false)
    }

    @Test func `a fatal error ends the producer, and another one goes on`() throws {
        let kafka = try MockKafka(topics: ["fatal:1"])
        let reader = try KafkaReader(kafka.brokers, topic: "fatal")
        var producer = try Producer(settings(kafka))
        var topic = try producer.topic("fatal")
        try send(&producer, topic, key: "k", "before", tag: 1)
        _ = try reports(&producer, 1)
        producer.injectFatalError()
        let error = #expect(throws: KafkaError.self) { try send(&producer, topic, key: "k", "lost", tag: 2) }
        #expect(error?.isFatal == true && error?.isRetriable == false)
        producer = try Producer(settings(kafka))
        topic = try producer.topic("fatal")
        try send(&producer, topic, key: "k", "after", tag: 3)
        #expect(try reports(&producer, 1).map(\.tag) == [3])
        #expect(try reader.waitFor(2).map(\.value) == ["before", "after"])
    }

    @Test func `what cannot be set is named, and its value is not`() throws {
        for setting in [("no.such.setting", "s3cret"), ("linger.ms", "s3cret")] {
            let error = #expect(throws: KafkaError.self) { _ = try Producer([setting]) }
            #expect(error?.description.contains(setting.0) == true && error?.description.contains("s3cret") == false)
        }
    }
}
