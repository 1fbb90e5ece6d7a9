/// Gathers the records of a CSV text into a `RawTable`.
struct TableCollector {
    private let layout: CSVLayout
    private let label: Int
    private let id: Int?
    /// The places of the features in a record.
    private let places: [Int]
    private var builders: [ColumnBuilder]
    private var labels: [Bool] = []
    private var lines: [Int] = []
    private var customers: [Int32] = []
    private var customerNumbers = ByteInterner()
    /// The first few values of the label column, for an error that says what they are.
    private var labelValues: [[UInt8]] = []

    init(_ header: CSVHeader, _ layout: CSVLayout) throws(TrainingError) {
        self.layout = layout
        let names = try layout.featureNames(header)
        do throws(CSVError) {
            label = try header.index(of: layout.label)
            if let name = layout.id { id = try header.index(of: name) } else { id = nil }
            var places: [Int] = []
            for name in names { places.append(try header.index(of: name)) }
            self.places = places
        } catch {
            throw .csv(error)
        }
        if names.isEmpty { throw .noFeatures }
        if let stranger = layout.categorical.first(where: { !names.contains($0) }) {
            throw .setting("--categorical names \(stranger), which is not a feature")
        }
        builders = names.map { ColumnBuilder(name: $0, isCategory: layout.categorical.contains($0)) }
    }

    var rows: Int { labels.count }

    mutating func expect(rows: Int) {
        labels.reserveCapacity(rows)
        lines.reserveCapacity(rows)
        customers.reserveCapacity(rows)
        for builder in builders.indices { builders[builder].expect(rows: rows) }
    }

    mutating func append(_ record: borrowing CSVReader) throws(TrainingError) {
        let value = Self.cell(record, label)
        if trimmedRange(value.span).isEmpty { throw .noLabel(column: layout.label, line: record.line) }
        if labelValues.count <= 5, !labelValues.contains(value) { labelValues.append(value) }
        labels.append(value == Array(layout.positive.utf8))
        lines.append(record.line)
        customers.append(customer(record))
        for (builder, place) in places.enumerated() {
            if record.fields[place].isEscaped {
                builders[builder].append(Self.cell(record, place).span, line: record.line)
            } else {
                builders[builder].append(record.bytes(place), line: record.line)
            }
        }
    }

    /// A row without an id is a customer of its own.
    private mutating func customer(_ record: borrowing CSVReader) -> Int32 {
        guard let id else { return Int32(customers.count) }
        guard record.fields[id].isEscaped else { return customerNumbers.number(of: record.bytes(id)) }
        return customerNumbers.number(of: Self.cell(record, id).span)
    }

    /// The bytes of a field, each doubled quote made one.
    private static func cell(_ record: borrowing CSVReader, _ place: Int) -> [UInt8] {
        let bytes = record.bytes(place)
        let isEscaped = record.fields[place].isEscaped
        var cell: [UInt8] = []
        cell.reserveCapacity(bytes.count)
        var offset = 0
        while offset < bytes.count {
            cell.append(bytes[offset])
            offset += isEscaped && bytes[offset] == 0x22 ? 2 : 1
        }
        return cell
    }

    consuming func finish() throws(TrainingError) -> RawTable {
        if labels.isEmpty { throw .noRows }
        let churned = labels.count { $0 }
        if layout.needsBothClasses, churned == 0 || churned == labels.count {
            let values = labelValues.count > 5 ? [] : labelValues.map { String(decoding: $0, as: UTF8.self) }
            throw .oneClass(
                column: layout.label, positive: layout.positive, rows: labels.count, churned: churned, values: values)
        }
        let (labels, customers, lines) = (labels, customers, lines)
        var columns: [RawColumn] = []
        for builder in builders { columns.append(try builder.finish()) }
        return RawTable(columns: columns, labels: labels, customers: customers, lines: lines)
    }
}
