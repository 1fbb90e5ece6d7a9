import ArgumentParser
import Churn

/// `churn events`.
struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Publishing to Kafka: how far it is, once more on purpose, or not at all.",
        subcommands: [Status.self, Replay.self, Skip.self])

    /// `churn events status`.
    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Each writer's mark, and how many rows are behind it.",
            discussion: """
                A writer is a connection that stores predictions; its mark is the last one up to which Kafka has \
                acknowledged all. A mark is stored at most every 200 ms, so rows behind it may be published already.
                """)

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var report: ReportOptions

        func run() throws {
            try Command.run("events status", report) { () throws(CommandError) in
                try Events.status(try database.options(report))
            }
        }
    }

    /// `churn events replay`.
    struct Replay: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Publish stored predictions once more: the same events, byte for byte.",
            discussion: "Ends when Kafka has acknowledged all of them. What the services publish is not touched.")

        @Option(help: ArgumentHelp("The first day (UTC).", valueName: "date"))
        var from: String

        @Option(help: ArgumentHelp("The day to stop before (default: up to now).", valueName: "date"))
        var to: String?

        @OptionGroup(title: "Kafka") var kafka: KafkaOptions
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var report: ReportOptions

        func run() throws {
            try Command.run("events replay", report) { () throws(CommandError) in
                let from = try CommandText.day(from, option: "--from")
                var end: Int?
                if let to { end = try CommandText.day(to, option: "--to") }
                return try EventsReplay.run(
                    from: from, to: end, try kafka.settings(), try database.options(report))
            }
        }
    }

    /// `churn events skip`.
    struct Skip: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let old predictions count as published, for when Kafka comes late.",
            discussion: "Stop the services first: writers that are at work are left alone.")

        @Option(help: ArgumentHelp("Predictions from before this day (UTC).", valueName: "date"))
        var before: String

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var report: ReportOptions

        func run() throws {
            try Command.run("events skip", report) { () throws(CommandError) in
                try Events.skip(
                    before: try CommandText.day(before, option: "--before"), try database.options(report))
            }
        }
    }
}
