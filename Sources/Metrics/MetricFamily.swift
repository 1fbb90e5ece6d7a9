/// The handle of a metric: where its cells are in every shard.
public protocol Metric: Sendable {
    /// The same metric with its cells further on: another combination of label values.
    func moved(by cells: Int) -> Self
}

/// A label and all values that it can have.
///
/// The set is closed, so that no request can make the number of series grow.
package struct MetricLabel: Sendable {
    package let name: String
    package let values: [String]

    package init(_ name: String, _ values: [String]) {
        self.name = name
        self.values = values
    }
}

/// A metric for each combination of the values of one to three labels, found by the values' indices.
public struct MetricFamily<Member: Metric>: Sendable {
    @usableFromInline let first: Member
    /// Cells from one combination to the next.
    @usableFromInline let stride: Int
    /// How many values each label has; one where there is no second or third label.
    @usableFromInline let counts: (Int, Int, Int)

    /// The metric of the value at `index` of the only label.
    @inlinable
    public subscript(_ index: Int) -> Member {
        precondition(counts.1 == 1, "the family has more labels")
        return self[index, 0]
    }

    /// The metric of the values at two indices, in the order in which the labels were declared.
    @inlinable
    public subscript(_ index: Int, _ second: Int) -> Member {
        precondition(counts.2 == 1, "the family has three labels")
        return self[index, second, 0]
    }

    /// The metric of the values at three indices, in the order in which the labels were declared.
    @inlinable
    public subscript(_ index: Int, _ second: Int, _ third: Int) -> Member {
        precondition(index >= 0 && index < counts.0 && second >= 0 && second < counts.1, "no such label value")
        precondition(third >= 0 && third < counts.2, "no such label value")
        return first.moved(by: ((index &* counts.1 &+ second) &* counts.2 &+ third) &* stride)
    }
}
