/// What a reader that goes on behind errors finds next.
package enum CSVStep: Sendable {
    case record
    case bad(CSVError)
    case end

    package init(_ reader: inout CSVReader) {
        do throws(CSVError) { self = try reader.next() ? .record : .end } catch { self = .bad(error) }
    }
}
