/// Count, range, mean and sum of squared deviations of the values of a column at some rows, missing ones apart.
@safe
struct ColumnMoments {
    private(set) var count = 0.0
    private(set) var lowest = Double.infinity
    private(set) var highest = -Double.infinity
    private(set) var mean = 0.0
    /// Σ (x - mean)².
    private(set) var squares = 0.0

    /// Values that are added side by side, in one fixed order: a single sum would wait for itself at every row.
    private static let lanes = 64
    private static let blockRows = 1024

    init(_ column: [Double], _ rows: RowSelection) {
        let memory = UnsafeMutablePointer<Double>.allocate(capacity: 4 * Self.lanes + Self.blockRows)
        defer { unsafe memory.deallocate() }
        unsafe memory.initialize(repeating: 0, count: 2 * Self.lanes)
        unsafe (memory + 2 * Self.lanes).initialize(repeating: .infinity, count: Self.lanes)
        unsafe (memory + 3 * Self.lanes).initialize(repeating: -.infinity, count: Self.lanes)
        let room = unsafe memory + 4 * Self.lanes
        unsafe Self.forEachBlock(column, rows, room) { unsafe Self.addRange(memory, $0, $1) }
        for lane in 0..<Self.lanes {
            unsafe count += memory[lane]
            unsafe mean += memory[Self.lanes + lane]
            lowest = min(lowest, unsafe memory[2 * Self.lanes + lane])
            highest = max(highest, unsafe memory[3 * Self.lanes + lane])
        }
        mean = count > 0 ? mean / count : 0

        unsafe memory.update(repeating: 0, count: Self.lanes)
        let center = mean
        unsafe Self.forEachBlock(column, rows, room) { unsafe Self.addSquares(memory, $0, $1, center) }
        for lane in 0..<Self.lanes { unsafe squares += memory[lane] }
    }

    @unsafe @inline(__always)
    private static func forEachBlock(
        _ column: [Double], _ rows: RowSelection, _ room: UnsafeMutablePointer<Double>,
        _ body: (UnsafePointer<Double>, Int) -> Void
    ) {
        for start in stride(from: 0, to: rows.count, by: blockRows) {
            let end = min(start + blockRows, rows.count)
            unsafe rows.read(column, start..<end, room) { source in
                for first in stride(from: 0, to: end - start, by: lanes) {
                    unsafe body(source + first, min(lanes, end - start - first))
                }
            }
        }
    }

    @unsafe
    private static func addRange(_ memory: UnsafeMutablePointer<Double>, _ values: UnsafePointer<Double>, _ count: Int)
    {
        for lane in 0..<count {
            let value = unsafe values[lane]
            let isKnown = value == value
            unsafe memory[lane] += isKnown ? 1 : 0
            unsafe memory[lanes + lane] += isKnown ? value : 0
            let (low, high) = unsafe (memory[2 * lanes + lane], memory[3 * lanes + lane])
            unsafe memory[2 * lanes + lane] = value < low ? value : low
            unsafe memory[3 * lanes + lane] = value > high ? value : high
        }
    }

    @unsafe
    private static func addSquares(
        _ memory: UnsafeMutablePointer<Double>, _ values: UnsafePointer<Double>, _ count: Int, _ center: Double
    ) {
        for lane in 0..<count {
            let deviation = unsafe values[lane] - center
            unsafe memory[lane] += deviation == deviation ? deviation * deviation : 0
        }
    }
}
