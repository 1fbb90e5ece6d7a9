/// The inputs of a model in their order, and the look-up of their names and levels by bytes.
public struct FeatureSchema: Sendable {
    public let features: [Feature]
    private let names: NameTable
    private let levelNames: NameTable
    private let categories: [Bool]
    /// Where the levels of each feature start among all levels.
    private let levelStarts: [Int]

    /// - Parameter features: at least one, with names that differ, and levels that differ within each feature.
    public init(_ features: [Feature]) {
        precondition(!features.isEmpty, "a schema needs a feature")
        self.features = features
        names = NameTable([features.map(\.name)])
        levelNames = NameTable(features.map(\.levels))
        var starts: [Int] = []
        var next = 0
        for feature in features {
            starts.append(next)
            next += feature.levels.count
        }
        levelStarts = starts
        categories = features.map(\.isCategory)
    }

    public var count: Int { features.count }

    /// Whether the feature takes one of its levels, not a number.
    public func isCategory(_ feature: Int) -> Bool { categories[feature] }

    /// The feature named `name`; allocates nothing.
    ///
    /// - Parameter hint: the index to try first, say, the one behind the feature found last.
    public func index(ofName name: Span<UInt8>, hint: Int = 0) -> Int? { names.index(of: name, group: 0, hint: hint) }

    /// The level `level` of the category at `feature`; nil when training never saw it; allocates nothing.
    public func index(ofLevel level: Span<UInt8>, feature: Int) -> Int? {
        guard let found = levelNames.index(of: level, group: feature, hint: -1) else { return nil }
        return found - levelStarts[feature]
    }

    /// Off the request path.
    public func index(ofName name: String) -> Int? { features.firstIndex { $0.name == name } }

    /// The features whose product is what a customer spends in 30 days; nil where one is missing or no number.
    package var spending: (frequency: Int, check: Int)? {
        guard let frequency = index(ofName: "purchase_frequency"), let check = index(ofName: "average_check"),
            !isCategory(frequency), !isCategory(check)
        else { return nil }
        return (frequency, check)
    }
}
