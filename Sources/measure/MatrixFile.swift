import Learning
import Linux

/// A matrix as the bench writes it: rows, columns, whether there are weights; the columns; the outcomes; the weights.
///
/// Every number is a Double in this machine's order of bytes.
struct MatrixFile {
    let table: EncodedTable
    let labels: [Bool]
    let weights: [Double]?

    init(_ path: String) throws {
        let file = try File.open(path, .read)
        let header = try Self.numbers(file, 3)
        let (rows, columns) = (Int(header[0]), Int(header[1]))
        var values: [EncodedTable.Column] = []
        for _ in 0..<columns { values.append(.numbers(try Self.numbers(file, rows))) }
        labels = try Self.numbers(file, rows).map { $0 == 1 }
        weights = header[2] == 1 ? try Self.numbers(file, rows) : nil
        let features = (0..<columns).map { Feature(name: "x\($0)", kind: .number(nil), missing: .refuse) }
        table = EncodedTable(FeatureSchema(features), values)
    }

    private static func numbers(_ file: borrowing FileDescriptor, _ count: Int) throws -> [Double] {
        var numbers = [Double](repeating: 0, count: count)
        try unsafe numbers.withUnsafeMutableBytes { bytes in
            var read = 0
            while read < bytes.count {
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[read...])
                let more = try unsafe file.read(into: rest) ?? 0
                if more == 0 { fatalError("the matrix ends early") }
                read += more
            }
        }
        return numbers
    }
}
