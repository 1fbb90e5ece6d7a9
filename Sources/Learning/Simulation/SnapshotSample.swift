import Bytes
import Digest

/// The snapshots of made-up customers at some dates: customer by customer, date by date.
package struct SnapshotSample: Sendable {
    package let table: RawTable
    /// Days since 1970-01-01, ascending.
    package let days: [Int]
    /// The place in `days` of each row of the table.
    package let dates: [Int]
    /// Of the four features and the outcome of each row, as text.
    package let sha256: String

    package init(_ simulator: Simulator, days: [Int], _ definition: Definition) {
        var snapshots: [Snapshot] = []
        var dates: [Int] = []
        var customers: [Int32] = []
        var number: Int32 = 0
        for customer in 0..<simulator.customers {
            let events = simulator.events(of: customer)
            let before = snapshots.count
            for (date, day) in days.enumerated() {
                guard let snapshot = Snapshot(events, day: day, definition) else { continue }
                snapshots.append(snapshot)
                dates.append(date)
                customers.append(number)
            }
            if snapshots.count > before { number += 1 }
        }
        self.days = days
        self.dates = dates
        sha256 = Self.digest(snapshots, dates)
        table = RawTable(
            columns: [
                RawColumn(name: "purchase_frequency", values: .numbers(snapshots.map(\.purchaseFrequency))),
                RawColumn(name: "average_check", values: .numbers(snapshots.map { $0.averageCheck ?? .nan })),
                RawColumn(name: "days_since_last_activity", values: .numbers(snapshots.map(\.daysSinceLastActivity))),
                RawColumn(name: "services_used", values: .numbers(snapshots.map { Double($0.servicesUsed) })),
            ],
            labels: snapshots.map(\.churned), customers: customers)
    }

    private static func digest(_ snapshots: [Snapshot], _ dates: [Int]) -> String {
        var digest = SHA256()
        var line = ByteBuffer(capacity: 128)
        for (snapshot, date) in zip(snapshots, dates) {
            line.removeAll()
            line.append(decimal: date)
            let numbers = [
                snapshot.purchaseFrequency, snapshot.averageCheck ?? -1, snapshot.daysSinceLastActivity,
                Double(snapshot.servicesUsed),
            ]
            for number in numbers {
                line.append(byte: 0x2C)
                line.append(shortest: number)
            }
            line.append(snapshot.churned ? ",1\n" : ",0\n")
            digest.update(line.span)
        }
        return digest.finish().hexadecimal
    }

    /// The rows at the dates `range`.
    package func rows(_ range: Range<Int>) -> [Int32] {
        dates.indices.filter { range.contains(dates[$0]) }.map(Int32.init)
    }

    /// The dates `range` as `YYYY-MM-DD`.
    package func names(_ range: Range<Int>) -> [String] {
        days[range].map { day in
            var buffer = ByteBuffer(capacity: 16)
            buffer.append(date: CivilTime(daysSince1970: day))
            return buffer.text
        }
    }
}
