import ArgumentParser
import Churn

/// What the gate wants to know besides the models.
struct GateOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A champion older than this is reason enough for a change; with 0d it is enough to be no worse.",
            valueName: "days"))
    var maxAge = "30d"

    @OptionGroup(title: "Costs") var costs: CostOptions
}
