import ArgumentParser
import Churn

/// `churn keys`.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "The keys that callers of the service need.",
        discussion: """
            A key is sent as `Authorization: Bearer KEY`. The file holds its SHA-256, so whoever reads the file has no key.

            Scopes: predict opens POST /predict; read opens /history, /customers, /models; admin opens /metrics. \
            Each of predict and read opens /model and /predict/{id}. Health and /openapi.json are open to all.

            A service that runs reads the file again on SIGHUP: kill -HUP PID.
            """,
        subcommands: [Create.self, List.self, Revoke.self])

    /// Which file.
    struct FileOptions: ParsableArguments {
        @Option(help: ArgumentHelp("The file of the keys [CHURN_KEYS_FILE].", valueName: "file"))
        var keys: String?

        func path() throws(CommandError) -> String {
            guard let path = keys ?? Environment.process["CHURN_KEYS_FILE"] else {
                throw CommandError(.usage, "--keys, or CHURN_KEYS_FILE, must name the file of the keys")
            }
            return path
        }
    }

    /// `churn keys create`.
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key, and show it this once.",
            discussion: """
                The file is made where there is none, for its owner only. The key is the first line on standard output, \
                so that a script can take it: `churn keys create --scope predict | head -1`.
                """)

        @OptionGroup var file: FileOptions

        @Option(help: ArgumentHelp("predict, read or admin; once for each.", valueName: "scope"))
        var scope: [String] = []

        @Option(help: ArgumentHelp("Whose it is, for people; not unique.", valueName: "name"))
        var name: String?

        @Option(
            help: ArgumentHelp(
                "The most predictions or reads: 100/s, 600/min, 5000/h; so many at once, too (default: no limit).",
                valueName: "rate"))
        var rate: String?

        @Option(help: ArgumentHelp("When it ends: 90d, 2027-01-01 or a time (default: never).", valueName: "when"))
        var expires: String?

        @OptionGroup var report: ReportOptions

        func run() throws {
            try Command.run("keys create", report) { () throws(CommandError) in
                let wish = try Keys.Wish(name: name, scopes: scope, rate: rate, expires: expires)
                return try Keys.create(wish, in: try file.path())
            }
        }
    }

    /// `churn keys list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All keys of the file, revoked ones too.")

        @OptionGroup var file: FileOptions
        @OptionGroup var report: ReportOptions

        func run() throws {
            try Command.run("keys list", report) { () throws(CommandError) in try Keys.list(try file.path()) }
        }
    }

    /// `churn keys revoke`.
    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revoke a key by its id or name.",
            discussion: """
                Its line stays in the file with the time. Where several keys have the name, the first that is not \
                revoked goes. Services refuse it once they have read the file again (SIGHUP).
                """)

        @Argument(help: ArgumentHelp("The id (the second word of the key: churn_ID_…) or the name.", valueName: "id"))
        var key: String

        @OptionGroup var file: FileOptions
        @OptionGroup var report: ReportOptions

        func run() throws {
            try Command.run("keys revoke", report) { () throws(CommandError) in
                try Keys.revoke(key, in: try file.path())
            }
        }
    }
}
