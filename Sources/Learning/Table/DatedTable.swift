import Bytes

/// Snapshots of customers at dates whose labels are mature, from whatever source.
package struct DatedTable: Sendable {
    package let table: RawTable
    package let source: DataCard.Source
    /// Over which times features and labels were counted.
    package let definition: Definition
    /// Days since 1970-01-01, ascending, each once.
    package let days: [Int]
    /// The place in `days` of each row of the table.
    package let dates: [Int32]
    /// Of the data, in hexadecimal; the same data gives the same one.
    package let sha256: String

    /// - Parameters:
    ///   - table: rows in any order, `customers` numbered by first appearance; a customer has one row a date at most.
    ///   - dates: one for each row.
    package init(
        _ table: RawTable, source: DataCard.Source, definition: Definition, days: [Int], dates: [Int32], sha256: String
    ) {
        precondition(dates.count == table.count, "a date for each row")
        precondition(zip(days, days.dropFirst()).allSatisfy { $0 < $1 }, "days ascend")
        precondition(dates.allSatisfy { days.indices.contains(Int($0)) }, "a date is one of the days")
        self.table = table
        self.source = source
        self.definition = definition
        self.days = days
        self.dates = dates
        self.sha256 = sha256
    }

    /// The rows at the dates `range`.
    package func rows(_ range: Range<Int>) -> [Int32] {
        dates.indices.filter { range.contains(Int(dates[$0])) }.map(Int32.init)
    }

    /// The dates `range` as `YYYY-MM-DD`.
    package func names(_ range: Range<Int>) -> [String] { days[range].map(Self.name) }

    /// A day since 1970-01-01 as `YYYY-MM-DD`.
    package static func name(_ day: Int) -> String {
        var buffer = ByteBuffer(capacity: 16)
        buffer.append(date: CivilTime(daysSince1970: day))
        return buffer.text
    }
}
