/// One column of training data before a schema is known, as it was read.
package struct RawColumn: Sendable {
    package enum Values: Sendable {
        /// NaN where the value is missing.
        case numbers([Double])
        /// Indices of levels, -1 where the value is missing; the levels in the order of their bytes.
        case levels([Int32], names: [String])
    }

    package let name: String
    package let values: Values

    package init(name: String, values: Values) {
        self.name = name
        self.values = values
    }

    /// The first row without a value.
    package var firstMissing: Int? {
        switch values {
        case .numbers(let numbers): numbers.firstIndex { $0.isNaN }
        case .levels(let levels, _): levels.firstIndex { $0 < 0 }
        }
    }
}
