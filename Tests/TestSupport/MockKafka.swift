import Glibc
import Synchronization

/// A Kafka cluster of its own for a test: brokers that speak the real protocol, in another process.
///
/// They are librdkafka's mock brokers. They keep at most 5 MiB or 100,000 messages a partition, in memory.
package final class MockKafka: Sendable {
    package let child: ChildProcess
    /// What clients are given to find the brokers.
    package let brokers: String
    private let folder: TemporaryFolder
    private let commands = Mutex(0)

    /// - Parameters:
    ///   - topics: `name:partitions`; others are made, with four partitions, when they are first used
    ///   - port: of the first broker; nil for any
    package init(brokers count: Int = 1, topics: [String] = [], port: Int? = nil) throws {
        folder = try TemporaryFolder("churn-kafka", mode: 0o777)
        let pipe = folder.path + "/commands"
        let answers = folder.path + "/answers"
        guard unsafe mkfifo(pipe, 0o600) == 0 else { throw SystemFailure("mkfifo \(pipe)") }
        let child = try ChildProcess(
            [besideTests("mockcluster"), pipe, "\(count)"] + topics,
            environment: port.map { ["MOCK_PORT": "\($0)"] } ?? [:], output: answers, errors: folder.path + "/log")
        self.child = child
        brokers = try eventually("the brokers") {
            let first = text(ofFile: answers).split(separator: "\n").first { $0.hasPrefix("bootstrap ") }
            return first.map { String($0.dropFirst("bootstrap ".count)) }
        }
    }

    /// The port of the first broker.
    package var port: Int { Int(brokers.split(separator: ",")[0].split(separator: ":")[1]) ?? 0 }

    /// Ends the cluster, and with it all that it had.
    package func kill() throws {
        child.send(SIGKILL)
        _ = try child.waitForExit(within: 10)
    }

    /// Tells the cluster something, one of the lines that `mockcluster` knows, and waits until it is done.
    package func tell(_ command: String) throws {
        try commands.withLock { count in
            let pipe = unsafe open(folder.path + "/commands", O_WRONLY)
            guard pipe >= 0 else { throw SystemFailure("open the pipe of commands") }
            defer { close(pipe) }
            let line = Array((command + "\n").utf8)
            guard unsafe Glibc.write(pipe, line, line.count) == line.count else { throw SystemFailure("write") }
            count += 1
            let lines = try eventually("the cluster to do: \(command)") {
                let lines = text(ofFile: folder.path + "/answers").split(separator: "\n")
                return lines.count > count ? lines : nil
            }
            guard lines[count] == command else { throw WaitedTooLong(description: "\(lines[count])") }
        }
    }

    /// Produces messages with kcat, which share the given headers, `name=value`.
    package func feed(
        _ messages: [(key: String, value: String)], to topic: String, headers: [String] = []
    ) throws {
        let folder = try TemporaryFolder()
        let lines = messages.map { "\($0.key)\u{1F}\($0.value)\n" }.joined()
        try write(Array(lines.utf8), toFile: folder.path + "/lines")
        _ = try output(
            of: ["kcat", "-b", brokers, "-P", "-t", topic, "-K", "\u{1F}"] + headers.flatMap { ["-H", $0] }
                + ["-l", folder.path + "/lines"])
    }

    /// Lets a broker go, or come back.
    package func setDown(_ isDown: Bool, broker: Int = 1) throws { try tell("\(isDown ? "down" : "up") \(broker)") }
}
