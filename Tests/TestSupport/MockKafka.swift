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

    /// - Parameter topics: `name:partitions`; others are made, with four partitions, when they are first used
    package init(brokers count: Int = 1, topics: [String] = []) throws {
        folder = try TemporaryFolder("churn-kafka", mode: 0o777)
        let pipe = folder.path + "/commands"
        let answers = folder.path + "/answers"
        guard unsafe mkfifo(pipe, 0o600) == 0 else { throw SystemFailure("mkfifo \(pipe)") }
        let child = try ChildProcess(
            [besideTests("mockcluster"), pipe, "\(count)"] + topics, output: answers, errors: folder.path + "/log")
        self.child = child
        brokers = try eventually("the brokers") {
            let first = text(ofFile: answers).split(separator: "\n").first { $0.hasPrefix("bootstrap ") }
            return first.map { String($0.dropFirst("bootstrap ".count)) }
        }
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

    /// Lets a broker go, or come back.
    package func setDown(_ isDown: Bool, broker: Int = 1) throws { try tell("\(isDown ? "down" : "up") \(broker)") }
}
