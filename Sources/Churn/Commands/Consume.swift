import JSON
import Postgres

/// `churn consume --reset`: taking a topic in from its beginning.
package enum Consume {
    /// Lets every partition of a topic be read from its beginning; processes that read it notice by themselves.
    package static func reset(_ topic: String, _ options: CommandOptions) throws(CommandError) -> CommandOutcome {
        var session = try CommandSession(options, command: "consume --reset", isExclusive: false)
        let partitions = try session.perform { connection throws(PostgresError) in
            try ConsumedPlaces.reset(topic, &connection)
        }
        let status = partitions > 0 ? "done" : "unchanged"
        let json: JSONValue = [
            "command": "consume --reset", "status": .string(status), "topic": .string(topic),
            "partitions": .count(partitions), "warnings": [],
        ]
        let text =
            partitions > 0
            ? "\(partitions) partitions of \(topic) will be read from their beginning."
            : "Nothing of \(topic) has been taken in: it is read from its beginning anyway."
        return CommandOutcome(partitions > 0 ? .done : .unchanged, json: json, text: text)
    }
}
