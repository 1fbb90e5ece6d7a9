/// The inputs of some hundred rows, feature by feature, and the probabilities that a model gives them.
@safe
struct RowBlock: ~Copyable {
    static let rows = 256

    let model: LogisticModel
    /// A column for each feature: a number, or what a level contributes; NaN for `.nothing`.
    private let columns: UnsafeMutablePointer<Double>
    private let logits: UnsafeMutablePointer<Double>
    private let probabilities: UnsafeMutablePointer<Double>
    private(set) var count = 0

    init(_ model: LogisticModel) {
        self.model = model
        let size = (model.schema.count + 2) * Self.rows
        unsafe columns = .allocate(capacity: size)
        unsafe columns.initialize(repeating: 0, count: size)
        unsafe logits = columns + model.schema.count * Self.rows
        unsafe probabilities = logits + Self.rows
    }

    deinit { unsafe columns.deallocate() }

    var isFull: Bool { count == Self.rows }

    /// Sets an input of the row that is being filled in.
    ///
    /// - Returns: false when the model refuses it.
    mutating func set(_ feature: Int, _ input: FeatureEncoder.Encoded) -> Bool {
        precondition(feature >= 0 && feature < model.schema.count && count < Self.rows, "no place for an input")
        let term = model.terms[feature]
        let value: Double
        switch input {
        case .value(let number):
            precondition(term.levels < 0, "a number was set for a category")
            value = number
        case .level(let level):
            precondition(term.levels >= 0, "a level was set for a number")
            value = model.levelContributions[term.levels + level]
        case .nothing: value = .nan
        case .refused: return false
        }
        unsafe columns[feature * Self.rows + count] = value
        return true
    }

    /// Takes the row whose inputs are all set.
    mutating func take() { count += 1 }

    mutating func removeAll() { count = 0 }

    /// Computes the probabilities of the rows taken.
    mutating func score() {
        for row in 0..<count { unsafe logits[row] = model.base }
        let target = unsafe UnsafeMutableBufferPointer(start: logits, count: count)
        for (feature, term) in model.terms.enumerated() {
            let values = unsafe columns + feature * Self.rows
            if term.levels < 0 {
                unsafe LogisticModel.add(values, term, to: target)
            } else {
                for row in 0..<count where unsafe values[row] == values[row] { unsafe logits[row] += values[row] }
            }
        }
        unsafe LogisticModel.setProbabilities(probabilities, logits, count)
    }

    /// The probability of a row, after `score`; nil where an input or the sum leaves the range of Double.
    func probability(_ row: Int) -> Double? {
        precondition(row >= 0 && row < count, "row \(row) of \(count)")
        return unsafe logits[row].isFinite ? probabilities[row] : nil
    }
}
