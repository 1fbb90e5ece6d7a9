/// Collects the cells of one column and decides at the end whether they are numbers or levels.
struct ColumnBuilder {
    /// More levels than this are no category.
    static let levelsMax = 100

    let name: String
    private let isForced: Bool
    private var numbers: [Double] = []
    private var isNumeric: Bool
    private var indices: [Int32] = []
    private var places: [[UInt8]: Int32] = [:]
    private var levels: [[UInt8]] = []
    private var lineOfTooMany: Int?

    /// - Parameter isCategory: levels even if every cell is a number.
    init(name: String, isCategory: Bool) {
        self.name = name
        isForced = isCategory
        isNumeric = !isCategory
    }

    /// Makes room for so many cells of the kind that was seen so far.
    mutating func expect(rows: Int) {
        if isNumeric { numbers.reserveCapacity(rows) } else { indices.reserveCapacity(rows) }
    }

    /// Takes the next cell: bytes without the quotes around and inside them; blank is missing.
    mutating func append(_ cell: Span<UInt8>, line: Int) {
        if trimmedRange(cell).isEmpty {
            if isNumeric { numbers.append(.nan) }
            if lineOfTooMany == nil { indices.append(-1) }
            return
        }
        if isNumeric {
            if let number = parseDecimal(cell) {
                numbers.append(number)
            } else {
                isNumeric = false
                numbers = []
            }
        }
        guard lineOfTooMany == nil else { return }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(cell.count)
        for offset in 0..<cell.count { bytes.append(cell[offset]) }
        indices.append(place(of: bytes))
        if levels.count > Self.levelsMax {
            lineOfTooMany = line
            indices = []
        }
    }

    private mutating func place(of level: [UInt8]) -> Int32 {
        if let place = places[level] { return place }
        let place = Int32(levels.count)
        places[level] = place
        levels.append(level)
        return place
    }

    /// The column; throws when it is neither numbers nor few enough levels, or a level is not UTF-8.
    consuming func finish() throws(TrainingError) -> RawColumn {
        if isNumeric { return RawColumn(name: name, values: .numbers(numbers)) }
        if let line = lineOfTooMany {
            throw .tooManyLevels(column: name, levels: levels.count, line: line, limit: Self.levelsMax)
        }
        let order = levels.indices.sorted { levels[$0].lexicographicallyPrecedes(levels[$1]) }
        var ranks = [Int32](repeating: 0, count: levels.count)
        var names: [String] = []
        for (rank, place) in order.enumerated() {
            ranks[place] = Int32(rank)
            guard let level = String(validating: levels[place], as: UTF8.self) else {
                throw .setting("column \(name) has a level that is not UTF-8")
            }
            names.append(level)
        }
        return RawColumn(name: name, values: .levels(indices.map { $0 < 0 ? -1 : ranks[Int($0)] }, names: names))
    }
}
