/// 128 rows of a design, column by column, the intercept's ones last, and the scratch memory of one pass over them.
///
/// It owns plain memory, not arrays: this is where training spends its time. With 33 columns it fits a first-level
/// cache. Columns of zeros fill the width up to a multiple of three, the width of a block of `TileSums`.
@safe
struct Tile: ~Copyable {
    static let rows = 128
    static let pairs = rows / 2

    /// With the intercept.
    let width: Int
    /// The width, filled up to whole blocks.
    let fullWidth: Int
    /// The rows in use; those behind them hold what an earlier tile left there.
    var count = 0
    private let memory: UnsafeMutablePointer<SIMD2<Double>>
    private let levels: UnsafeMutablePointer<Int32>

    init(width: Int) {
        self.width = width
        fullWidth = (width + 2) / 3 * 3
        let size = (fullWidth + Self.scratchColumns) * Self.pairs
        unsafe memory = .allocate(capacity: size)
        unsafe memory.initialize(repeating: .zero, count: size)
        unsafe levels = .allocate(capacity: Self.rows)
        unsafe levels.initialize(repeating: -1, count: Self.rows)
        for row in 0..<Self.rows { unsafe weights[row] = 1 }
    }

    deinit {
        unsafe memory.deallocate()
        unsafe levels.deallocate()
    }

    // MARK: Places

    private static let scratchColumns = 6

    /// A column, two rows at a time.
    @unsafe @inline(__always)
    func pairs(_ column: Int) -> UnsafeMutablePointer<SIMD2<Double>> {
        precondition(column >= 0 && column < fullWidth + Self.scratchColumns, "column \(column) of a tile")
        return unsafe memory + column * Self.pairs
    }

    /// A column, row by row.
    @unsafe @inline(__always)
    func column(_ column: Int) -> UnsafeMutablePointer<Double> {
        unsafe UnsafeMutableRawPointer(pairs(column)).assumingMemoryBound(to: Double.self)
    }

    /// 0 or 1 for each row.
    var outcomes: UnsafeMutablePointer<Double> { @inline(__always) get { unsafe column(fullWidth) } }
    /// How much each row counts.
    var weights: UnsafeMutablePointer<Double> { @inline(__always) get { unsafe column(fullWidth + 1) } }
    var logits: UnsafeMutablePointer<Double> { @inline(__always) get { unsafe column(fullWidth + 2) } }
    var losses: UnsafeMutablePointer<Double> { @inline(__always) get { unsafe column(fullWidth + 3) } }
    var slopes: UnsafeMutablePointer<Double> { @inline(__always) get { unsafe column(fullWidth + 4) } }
    /// The square roots of the curvatures.
    var roots: UnsafeMutablePointer<Double> { @inline(__always) get { unsafe column(fullWidth + 5) } }

    // MARK: Filling

    /// Puts numbers into a column, brought to (value - mean) · factor, a missing one to 0.
    mutating func fill(
        _ position: Int, _ numbers: [Double], _ rows: RowSelection, from first: Int, mean: Double, factor: Double
    ) {
        let values = unsafe column(position)
        let count = self.count
        unsafe rows.read(numbers, first..<first + count, values) { source in
            for row in 0..<count {
                let value = unsafe (source[row] - mean) * factor
                unsafe values[row] = value == value ? value : 0
            }
        }
    }

    /// Reads the levels of a category, from which `fillIndicator` makes columns.
    mutating func readLevels(_ column: [Int32], _ rows: RowSelection, from first: Int) {
        let (levels, count) = unsafe (self.levels, self.count)
        unsafe rows.read(column, first..<first + count, levels) { source in
            for row in 0..<count { unsafe levels[row] = source[row] }
        }
    }

    /// Puts the indicator of `level` into a column, brought to (indicator - mean) · factor, a missing one to 0.
    mutating func fillIndicator(_ position: Int, level: Int32, mean: Double, factor: Double) {
        let values = unsafe column(position)
        let (present, absent) = ((1 - mean) * factor, -mean * factor)
        for row in 0..<count {
            let found = unsafe levels[row]
            unsafe values[row] = found < 0 ? 0 : found == level ? present : absent
        }
    }

    /// Puts the rows' outcomes, their weights and the intercept's ones in place.
    mutating func fillRows(_ outcomes: [Double], _ weights: [Double]?, from first: Int) {
        let ones = unsafe column(width - 1)
        for row in 0..<count { unsafe self.outcomes[row] = outcomes[first + row] }
        if let weights { for row in 0..<count { unsafe self.weights[row] = weights[first + row] } }
        for row in 0..<Self.rows { unsafe ones[row] = 1 }
    }
}
