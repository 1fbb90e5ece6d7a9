/// What an offer to stay costs and what it saves, in one currency.
///
/// One who would leave takes the offer with probability `acceptance` and stays; one who would stay takes it in any case.
package struct Costs: Sendable, Equatable {
    /// What a customer who stays is worth.
    package var customerValue: Double
    /// Paid for each offer that is taken.
    package var offer: Double
    /// Paid for each customer who is approached.
    package var contact: Double
    package var acceptance: Double

    package init(customerValue: Double, offer: Double, contact: Double, acceptance: Double = 0.3) {
        self.customerValue = customerValue
        self.offer = offer
        self.contact = contact
        self.acceptance = acceptance
    }

    /// Earned, on average, by approaching one who would leave.
    package var gainOfChurner: Double { acceptance * (customerValue - offer) - contact }
    /// Lost by approaching one who would stay.
    package var lossOfOther: Double { offer + contact }

    /// The probability from which on an offer pays, if probabilities are calibrated: (d + f) / (γ (CLV - d) + d).
    package var threshold: Double { lossOfOther / (gainOfChurner + lossOfOther) }

    /// What makes these costs useless; nil if nothing does.
    package var fault: String? {
        guard [customerValue, offer, contact, acceptance].allSatisfy(\.isFinite) else { return "a cost is not finite" }
        if customerValue <= 0 { return "the value of a customer must be above 0" }
        if offer < 0 || contact < 0 { return "a cost must not be negative" }
        if acceptance <= 0 || acceptance > 1 { return "the share who take the offer must be above 0 and at most 1" }
        if gainOfChurner <= 0 { return "no offer pays with these costs, not even to a customer who leaves for certain" }
        return nil
    }

    /// What each customer earns when those from `threshold` on are approached; 0 for the others.
    package func profits(_ probabilities: [Double], _ labels: [Bool], threshold: Double) -> [Double] {
        zip(probabilities, labels).map { probability, label in
            probability < threshold ? 0 : label ? gainOfChurner : -lossOfOther
        }
    }

    /// The mean profit per customer of the decisions counted; nil without rows.
    package func profit(_ confusion: Confusion) -> Double? {
        guard confusion.count > 0 else { return nil }
        let gained = Double(confusion.truePositives) * gainOfChurner
        return (gained - Double(confusion.falsePositives) * lossOfOther) / Double(confusion.count)
    }
}
