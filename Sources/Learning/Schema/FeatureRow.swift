/// The raw inputs of one row and, once it is scored, what each of them contributed: memory that is filled again and again.
///
/// Whoever reads the inputs (JSON, CSV, PostgreSQL) calls `reset`, then one of the setters for each feature it meets;
/// `LogisticModel.score` fills in the rest. Nothing here allocates but `init` and `resize`.
@safe
public struct FeatureRow: ~Copyable {
    /// How an input was given.
    public enum State: UInt8, Sendable {
        /// Not given at all; treated as missing.
        case absent
        /// Given as missing: JSON `null`, an empty CSV cell.
        case missing
        case number
        case level
        /// A level that training never saw.
        case unseen
    }

    /// Allows 16 bytes an input and 8 an output, in one block each.
    @usableFromInline
    struct Input {
        @usableFromInline var value: Double
        @usableFromInline var state: State

        @inlinable
        init(value: Double, state: State) {
            self.value = value
            self.state = state
        }
    }

    /// The number of features.
    public private(set) var count: Int
    /// Base and contributions, summed in schema order.
    public internal(set) var logit = 0.0
    /// Between 0 and 1, both possible for extreme inputs.
    public internal(set) var probability = 0.0
    @usableFromInline var inputs: UnsafeMutablePointer<Input>
    @usableFromInline var contributions: UnsafeMutablePointer<Double>
    @usableFromInline var order: UnsafeMutablePointer<Int32>

    public init(count: Int) {
        precondition(count > 0, "a row needs a feature")
        self.count = count
        unsafe inputs = .allocate(capacity: count)
        unsafe contributions = .allocate(capacity: count)
        unsafe order = .allocate(capacity: count)
        unsafe contributions.initialize(repeating: 0, count: count)
        unsafe order.initialize(repeating: 0, count: count)
        unsafe inputs.initialize(repeating: Input(value: 0, state: .absent), count: count)
    }

    deinit {
        unsafe inputs.deallocate()
        unsafe contributions.deallocate()
        unsafe order.deallocate()
    }

    /// Becomes a row for another model; allocates only if that has another number of features.
    public mutating func resize(to count: Int) {
        if count == self.count { return reset() }
        self = FeatureRow(count: count)
    }

    // MARK: Inputs

    /// Forgets all inputs.
    public mutating func reset() {
        for feature in 0..<count { unsafe inputs[feature].state = .absent }
    }

    /// - Parameter value: finite.
    @inlinable
    public mutating func setNumber(_ feature: Int, _ value: Double) {
        precondition(value.isFinite, "a feature is a finite number")
        set(feature, value, .number)
    }

    /// - Parameter level: as `FeatureSchema.index(ofLevel:feature:)` gave it.
    public mutating func setLevel(_ feature: Int, _ level: Int) { set(feature, Double(level), .level) }

    public mutating func setUnseen(_ feature: Int) { set(feature, 0, .unseen) }

    @inlinable
    public mutating func setMissing(_ feature: Int) { set(feature, 0, .missing) }

    @inlinable @inline(__always)
    mutating func set(_ feature: Int, _ value: Double, _ state: State) {
        check(feature)
        unsafe inputs[feature] = Input(value: value, state: state)
    }

    @inlinable
    public func state(_ feature: Int) -> State {
        check(feature)
        return unsafe inputs[feature].state
    }

    /// The number given; 0 in the other states.
    @inlinable
    public func number(_ feature: Int) -> Double {
        check(feature)
        return unsafe inputs[feature].state == .number ? inputs[feature].value : 0
    }

    /// The index of the level given, -1 in the other states.
    @inlinable
    public func level(_ feature: Int) -> Int {
        check(feature)
        return unsafe inputs[feature].state == .level ? Int(inputs[feature].value) : -1
    }

    // MARK: Outputs

    /// weight · (value - mean) of the feature in the row scored last.
    @inlinable
    public func contribution(_ feature: Int) -> Double {
        check(feature)
        return unsafe contributions[feature]
    }

    @inline(__always)
    mutating func setContribution(_ feature: Int, _ value: Double) {
        check(feature)
        unsafe contributions[feature] = value
    }

    /// Sorts the features by the size of their contributions, largest first, the earlier one first among equals.
    ///
    /// Insertion sort: there are few, and it allocates nothing.
    public mutating func orderContributions() {
        for feature in 0..<count {
            let size = unsafe contributions[feature].magnitude
            var place = feature
            while place > 0, unsafe contributions[Int(order[place - 1])].magnitude < size {
                unsafe order[place] = order[place - 1]
                place -= 1
            }
            unsafe order[place] = Int32(truncatingIfNeeded: feature)
        }
    }

    /// The feature with the `rank`-th largest contribution, after `orderContributions`.
    @inlinable
    public func feature(ranked rank: Int) -> Int {
        check(rank)
        return unsafe Int(order[rank])
    }

    @inlinable @inline(__always)
    func check(_ feature: Int) {
        precondition(feature >= 0 && feature < count, "feature \(feature) of \(count)")
    }
}
