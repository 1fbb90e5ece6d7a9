import JSON
import Learning

/// Scores stored features as the service would score them over HTTP.
struct SnapshotScorer: ~Copyable {
    let model: ServingModel
    /// The row that was scored last.
    private(set) var instance: Instance

    init(_ model: ServingModel) {
        self.model = model
        instance = Instance(featureCount: model.featureCount)
    }

    /// Reads a JSON object of features and scores it.
    ///
    /// - Returns: the probability; nil when the features do not fit the model.
    mutating func score(features: Span<UInt8>, of customer: Span<UInt8>) -> Double? {
        instance.reset()
        instance.setCustomer(customer)
        var faults = Faults()
        var reader = JSONReader(features)
        do throws(JSONError) {
            try instance.readFeatures(&reader, features, model, &faults, InstancePath(index: nil))
        } catch {
            return nil
        }
        guard faults.isEmpty, model.model.score(&instance.row) == .scored else { return nil }
        return instance.row.probability
    }

    /// Puts the features of the row scored last in the order of their contributions.
    mutating func orderContributions() { instance.row.orderContributions() }

    /// What the company stands to lose with the customer scored last; the probability alone where the model does not know
    /// what the customer spends.
    var expectedLoss: Double { instance.row.probability * model.spending(instance) }

    /// The number given for a feature in the row scored last; nil where there is none.
    func number(_ feature: Int) -> Double? {
        instance.row.state(feature) == .number ? instance.row.number(feature) : nil
    }
}
