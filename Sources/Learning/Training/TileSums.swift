/// The sums over tiles of what each adds to value, gradient and Hessian, without scale and penalty.
@safe
struct TileSums: ~Copyable {
    private let width: Int
    private let fullWidth: Int
    private var value = 0.0
    private var largestLogit = 0.0
    /// Two lanes a column.
    private let gradient: UnsafeMutablePointer<SIMD2<Double>>
    /// Blocks of three by three up to the diagonal, row by row, two lanes a sum; nil when no Hessian is asked for.
    private let hessian: UnsafeMutablePointer<SIMD2<Double>>?

    init(for tile: borrowing Tile, hasHessian: Bool) {
        width = tile.width
        fullWidth = tile.fullWidth
        unsafe gradient = .allocate(capacity: fullWidth)
        unsafe gradient.initialize(repeating: .zero, count: fullWidth)
        guard hasHessian else {
            unsafe hessian = nil
            return
        }
        let size = Self.place(fullWidth, 0)
        let blocks = UnsafeMutablePointer<SIMD2<Double>>.allocate(capacity: size)
        unsafe blocks.initialize(repeating: .zero, count: size)
        unsafe hessian = blocks
    }

    deinit {
        unsafe gradient.deallocate()
        unsafe hessian?.deallocate()
    }

    /// Adds the part of a tile at `parameters`; its columns are scaled by the roots of the curvatures afterwards.
    mutating func add(_ tile: inout Tile, _ parameters: [Double]) {
        precondition(tile.fullWidth == fullWidth, "a tile of another width")
        largestLogit = max(largestLogit, tile.computeLosses(parameters))
        value += unsafe Self.sum(tile.losses)
        addGradient(&tile)
        addHessian(tile)
    }

    /// The sums so far.
    consuming func finish() -> Evaluation {
        var result = Evaluation(width: width, hasHessian: unsafe hessian != nil)
        result.value = value
        result.largestLogit = largestLogit
        for column in 0..<width {
            let sum = unsafe gradient[column]
            result.gradient[column] = sum.x + sum.y
        }
        guard let hessian = unsafe hessian else { return result }
        for row in 0..<width {
            for column in 0...row {
                let sum = unsafe hessian[Self.place(row, column)]
                result.hessian?[row, column] = sum.x + sum.y
            }
        }
        return result
    }

    /// Where the sum for `row` and `column` is.
    private static func place(_ row: Int, _ column: Int) -> Int {
        let (blockRow, blockColumn) = (row / 3, column / 3)
        return (blockRow * (blockRow + 1) / 2 + blockColumn) * 9 + row % 3 * 3 + column % 3
    }

    // MARK: Kernels

    /// The inner product of each column with the slopes, and, for a Hessian, the columns scaled by the roots: the Hessian
    /// is then the product of the tile with itself.
    private mutating func addGradient(_ tile: inout Tile) {
        let slopes = unsafe UnsafeRawPointer(tile.slopes).assumingMemoryBound(to: SIMD2<Double>.self)
        let roots = unsafe UnsafeRawPointer(tile.roots).assumingMemoryBound(to: SIMD2<Double>.self)
        let hasHessian = unsafe hessian != nil
        // A pointer of its own: ThreadSanitizer takes the whole of self for what `gradient[column] +=` changes.
        let gradient = unsafe gradient
        for column in 0..<fullWidth {
            let values = unsafe tile.pairs(column)
            var (a, b) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
            var (c, d) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
            for pair in stride(from: 0, to: Tile.pairs, by: 4) {
                unsafe a += slopes[pair] * values[pair]
                unsafe b += slopes[pair + 1] * values[pair + 1]
                unsafe c += slopes[pair + 2] * values[pair + 2]
                unsafe d += slopes[pair + 3] * values[pair + 3]
            }
            unsafe gradient[column] += (a + b) + (c + d)
            if hasHessian { for pair in 0..<Tile.pairs { unsafe values[pair] *= roots[pair] } }
        }
    }

    private mutating func addHessian(_ tile: borrowing Tile) {
        guard let hessian = unsafe hessian else { return }
        var block = unsafe hessian
        for row in stride(from: 0, to: fullWidth, by: 3) {
            for column in stride(from: 0, through: row, by: 3) {
                unsafe Self.addBlock(tile.pairs(row), tile.pairs(column), to: block)
                unsafe block += 9
            }
        }
    }

    /// Adds the nine inner products of three columns with three others.
    ///
    /// Nine sums and six operands are what sixteen registers hold, and six loads serve nine products. The sums stay in
    /// two lanes: were they added up here, the compiler would pair neighbouring sums in place of rows, and shuffle.
    @unsafe @inline(__always)
    private static func addBlock(
        _ left: UnsafePointer<SIMD2<Double>>, _ right: UnsafePointer<SIMD2<Double>>,
        to sums: UnsafeMutablePointer<SIMD2<Double>>
    ) {
        let n = Tile.pairs
        var (aa, ab, ac) = unsafe (sums[0], sums[1], sums[2])
        var (ba, bb, bc) = unsafe (sums[3], sums[4], sums[5])
        var (ca, cb, cc) = unsafe (sums[6], sums[7], sums[8])
        for pair in 0..<n {
            let (a, b, c) = unsafe (left[pair], left[pair + n], left[pair + 2 * n])
            let (x, y, z) = unsafe (right[pair], right[pair + n], right[pair + 2 * n])
            aa += a * x
            ab += a * y
            ac += a * z
            ba += b * x
            bb += b * y
            bc += b * z
            ca += c * x
            cb += c * y
            cc += c * z
        }
        unsafe (sums[0], sums[1], sums[2]) = (aa, ab, ac)
        unsafe (sums[3], sums[4], sums[5]) = (ba, bb, bc)
        unsafe (sums[6], sums[7], sums[8]) = (ca, cb, cc)
    }

    /// In four sums that are added in one fixed order.
    private static func sum(_ values: UnsafePointer<Double>) -> Double {
        var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0)
        for row in stride(from: 0, to: Tile.rows, by: 4) {
            unsafe a += values[row]
            unsafe b += values[row + 1]
            unsafe c += values[row + 2]
            unsafe d += values[row + 3]
        }
        return (a + b) + (c + d)
    }
}
