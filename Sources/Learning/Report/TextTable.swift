/// Lines of text in columns that stand straight, for people at a terminal.
package struct TextTable {
    private var rows: [[String]] = []

    package init() {}

    package mutating func add(_ cells: String...) { rows.append(cells) }

    /// The first column starts at the left, the others end at the right.
    package var lines: [String] {
        let width = rows.map(\.count).max() ?? 0
        let widths = (0..<width).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                line += column == 0 ? "  " + cell + padding : "  " + padding + cell
            }
            return line
        }
    }
}

/// `value` with `decimals` digits behind the point, or a dash where there is none.
package func fixed(_ value: Double?, decimals: Int = 4) -> String {
    guard let value, value.isFinite else { return "-" }
    let factor = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (abs(value) * factor).rounded()
    guard scaled < 1e15 else { return "\(value)" }
    let digits = String(Int(scaled))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let sign = value < 0 && scaled > 0 ? "-" : ""
    return decimals == 0 ? sign + padded : sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
}

/// `value` with four significant digits.
package func shortText(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return "\(value)" }
    var exponent = 0
    var size = abs(value)
    while size >= 10 {
        size /= 10
        exponent += 1
    }
    while size < 1 {
        size *= 10
        exponent -= 1
    }
    if exponent < -5 || exponent > 9 { return fixed(value < 0 ? -size : size, decimals: 3) + "e\(exponent)" }
    return fixed(value, decimals: max(0, 3 - exponent))
}
