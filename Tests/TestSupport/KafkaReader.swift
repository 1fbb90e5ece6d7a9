import Synchronization

/// Reads a topic with `kcat`, a client that shares no code with the service but the library, for as long as it lives.
///
/// It follows the topic from the beginning, so that nothing is lost to the brokers' short memory.
package final class KafkaReader: Sendable {
    /// A message as it was read.
    package struct Message: Sendable, Equatable {
        package let partition: Int
        package let offset: Int
        package let milliseconds: Int
        package let key: String
        package let headers: [String: String]
        package let value: String

        init?(_ record: Substring) {
            let fields = record.split(separator: "\u{1F}", omittingEmptySubsequences: false)
            guard fields.count == 6, let partition = Int(fields[0]), let offset = Int(fields[1]) else { return nil }
            var headers: [String: String] = [:]
            for header in fields[4].split(separator: ",") {
                let pair = header.split(separator: "=", maxSplits: 1)
                headers[String(pair[0])] = pair.count == 2 ? String(pair[1]) : ""
            }
            self.partition = partition
            self.offset = offset
            milliseconds = Int(fields[2]) ?? 0
            key = String(fields[3])
            self.headers = headers
            value = String(fields[5])
        }

        /// No two messages of a topic have the same.
        var place: [Int] { [partition, offset] }
    }

    private let brokers: String
    private let topic: String
    private let folder: TemporaryFolder
    private let children: Mutex<[ChildProcess]>

    package init(_ brokers: String, topic: String) throws {
        self.brokers = brokers
        self.topic = topic
        folder = try TemporaryFolder("churn-reader", mode: 0o777)
        children = Mutex([])
        try follow()
        // From now on brokers may go and topics fail: it knows them.
        try eventually("kcat to follow \(topic)", within: 20, holds: { log.contains("Reached end of topic") })
    }

    /// Reads the topic from its beginning, beside those who do already: `messages` are what any of them has seen.
    package func follow() throws {
        try children.withLock { children in
            // Unit and record separators: JSON has neither.
            let format = "%p\u{1F}%o\u{1F}%T\u{1F}%k\u{1F}%h\u{1F}%s\u{1E}"
            let number = children.count
            children.append(
                try ChildProcess(
                    [
                        "kcat", "-b", brokers, "-C", "-t", topic, "-o", "beginning", "-u", "-E", "-f", format,
                        "-X", "allow.auto.create.topics=true", "-X", "topic.metadata.refresh.interval.ms=200",
                        "-X", "reconnect.backoff.max.ms=500", "-X", "fetch.wait.max.ms=50",
                    ], output: folder.path + "/messages-\(number)", errors: folder.path + "/log-\(number)"))
        }
    }

    private func texts(_ name: String) -> [String] {
        (0..<children.withLock(\.count)).map { text(ofFile: folder.path + "/\(name)-\($0)") }
    }

    /// Everything that was read until now, each partition in its order.
    package var messages: [Message] {
        let texts = texts("messages")
        var messages = texts[0].split(separator: "\u{1E}").compactMap(Message.init)
        if texts.count == 1 { return messages }
        var known = Set(messages.map(\.place))
        for text in texts.dropFirst() {
            let read = text.split(separator: "\u{1E}").compactMap(Message.init)
            messages += read.filter { known.insert($0.place).inserted }
        }
        return messages.sorted { $0.place.lexicographicallyPrecedes($1.place) }
    }

    /// What kcat complained about.
    package var log: String { texts("log").joined() }

    /// Waits until as many messages have been read.
    package func waitFor(_ count: Int, within seconds: Double = 20) throws -> [Message] {
        try eventually("\(count) messages", within: seconds) {
            let messages = self.messages
            return messages.count >= count ? messages : nil
        }
    }
}
