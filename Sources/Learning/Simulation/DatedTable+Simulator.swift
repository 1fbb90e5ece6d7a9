import Bytes
import Digest

extension DatedTable {
    /// The snapshots of the customers of `simulator` at some days.
    package init(_ simulator: Simulator, days: [Int], _ definition: Definition) {
        let events = (0..<simulator.customers).lazy.map { simulator.events(of: $0) }
        self.init(events: events, days: days, definition, source: .simulation)
    }

    /// The snapshots of customers at some days: customer by customer, date by date.
    ///
    /// The checksum is of the four features and the outcome of each row, as text.
    /// - Parameter events: those of each customer, in order of time.
    package init(
        events customers: some Sequence<[CustomerEvent]>, days: [Int], _ definition: Definition,
        source: DataCard.Source
    ) {
        var snapshots: [Snapshot] = []
        var dates: [Int32] = []
        var owners: [Int32] = []
        var number: Int32 = 0
        for events in customers {
            let before = snapshots.count
            for (date, day) in days.enumerated() {
                guard let snapshot = Snapshot(events, day: day, definition) else { continue }
                snapshots.append(snapshot)
                dates.append(Int32(date))
                owners.append(number)
            }
            if snapshots.count > before { number += 1 }
        }
        let table = RawTable(
            columns: [
                RawColumn(name: "purchase_frequency", values: .numbers(snapshots.map(\.purchaseFrequency))),
                RawColumn(name: "average_check", values: .numbers(snapshots.map { $0.averageCheck ?? .nan })),
                RawColumn(name: "days_since_last_activity", values: .numbers(snapshots.map(\.daysSinceLastActivity))),
                RawColumn(name: "services_used", values: .numbers(snapshots.map { Double($0.servicesUsed) })),
            ],
            labels: snapshots.map(\.churned), customers: owners)
        self.init(
            table, source: source, definition: definition, days: days, dates: dates,
            sha256: Self.digest(snapshots, dates))
    }

    private static func digest(_ snapshots: [Snapshot], _ dates: [Int32]) -> String {
        var digest = SHA256()
        var line = ByteBuffer(capacity: 128)
        for (snapshot, date) in zip(snapshots, dates) {
            line.removeAll()
            line.append(decimal: Int(date))
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
}
