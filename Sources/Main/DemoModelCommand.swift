import ArgumentParser
import Churn

/// `churn demo-model`.
struct DemoModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo-model",
        abstract: "Make the model of Models/demo.json again.",
        discussion: """
            Invents 20,000 customers over two years, always the same ones, and learns from them which will leave within \
            30 days. The file comes out the same to the byte.

              churn demo-model --output Models/demo.json
            """)

    @Option(help: ArgumentHelp("Where to write the model file (default: nowhere, the report only).", valueName: "file"))
    var output: String?

    func run() throws {
        try Command.run { () throws(CommandError) in print(try Train.demo(output: output)) }
    }
}
