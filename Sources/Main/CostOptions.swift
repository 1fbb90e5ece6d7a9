import ArgumentParser
import Churn

/// What an offer to stay costs and saves: needed to count in money.
struct CostOptions: ParsableArguments {
    @Option(
        name: .customLong("customer-value"), help: ArgumentHelp("What a customer who stays is worth.", valueName: "v"))
    var customerValue: Double?

    @Option(
        name: .customLong("offer-cost"), help: ArgumentHelp("Paid for each offer that is taken.", valueName: "d"))
    var offer: Double?

    @Option(
        name: .customLong("contact-cost"),
        help: ArgumentHelp("Paid for each customer who is approached (default: 0).", valueName: "f"))
    var contact: Double?

    @Option(
        help: ArgumentHelp("The share of leaving customers who take an offer and stay (default: 0.3).", valueName: "γ"))
    var acceptance: Double?

    var request: CostRequest {
        CostRequest(customerValue: customerValue, offer: offer, contact: contact, acceptance: acceptance)
    }
}
