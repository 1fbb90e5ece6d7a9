/// What every command that works on the database was told, besides its own options.
package struct CommandOptions: Sendable {
    /// Nil asks for the private server.
    package let databaseURL: String?
    /// The folder of the private server; nil for the usual one.
    package let dataPath: String?
    /// How long to wait for another command to end.
    package let lockTimeoutSeconds: Int
    /// No progress and no log lines below warnings.
    package let isQuiet: Bool

    package init(
        databaseURL: String?, data: String?, lockTimeout: String, quiet: Bool, environment: Environment
    ) throws(CommandError) {
        self.databaseURL = databaseURL ?? environment["DATABASE_URL"]
        dataPath = data ?? environment["CHURN_DATA"]
        lockTimeoutSeconds = try CommandText.seconds(lockTimeout, option: "--lock-timeout")
        isQuiet = quiet
    }
}
