/// Which columns of a CSV text are what.
package struct CSVLayout: Sendable {
    /// The column that says what became of the customer.
    package var label: String
    /// The value of that column that counts as churn; every other one does not.
    package var positive: String
    /// The column that names the customer.
    package var id: String?
    /// The columns to learn from, in this order; nil for all but label and id.
    package var features: [String]?
    /// Columns whose values are levels even if they look like numbers.
    package var categorical: [String] = []
    /// Whether a table in which nobody left, or everybody, is an error.
    package var needsBothClasses = true

    package init(
        label: String, positive: String, id: String? = nil, features: [String]? = nil, categorical: [String] = []
    ) {
        self.label = label
        self.positive = positive
        self.id = id
        self.features = features
        self.categorical = categorical
    }

    func featureNames(_ header: CSVHeader) throws(TrainingError) -> [String] {
        guard let features else { return header.names.filter { $0 != label && $0 != id } }
        for (index, name) in features.enumerated() {
            if features[..<index].contains(name) { throw .setting("--features names \(name) twice") }
            if name == label { throw .setting("\(name) is the label and cannot be a feature") }
        }
        return features
    }
}

extension RawTable {
    /// Reads a whole CSV text.
    package init(csv bytes: Span<UInt8>, _ layout: CSVLayout) throws(TrainingError) {
        var reader = CSVTableReader(layout)
        _ = try reader.read(bytes, isFinal: true)
        self = try reader.finish()
    }
}
