import ArgumentParser
import Churn

/// How a command says what it did: the same for all of them.
struct ReportOptions: ParsableArguments {
    @Flag(help: "End standard output with one JSON object instead of the report, also on failure.")
    var json = false

    @Flag(name: .customLong("exit-code"), help: "Exit with 10 when nothing had to be done, and with 11 when refused.")
    var exitCode = false

    @Flag(name: [.short, .long], help: "No progress, no log lines but warnings and errors.")
    var quiet = false
}
