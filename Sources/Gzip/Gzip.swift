package import Bytes

extension Inflater {
    /// Appends all that `range` of `input` holds, which is gzip to its last byte.
    ///
    /// - Parameter limit: how many bytes may come out: a kilobyte can hold a megabyte.
    /// - Throws: `output` is then as it was before.
    package mutating func gunzip(
        _ input: borrowing ByteBuffer, _ range: Range<Int>, into output: inout ByteBuffer, limit: Int
    ) throws(GzipError) {
        reset()
        let start = output.count
        do throws(GzipError) {
            // One byte more than allowed, to tell a text of just this length from a longer one.
            let used = try inflate(input, range, into: &output, limit: limit + 1)
            guard output.count - start <= limit else { throw .tooLarge }
            precondition(used == range.count, "below its limit everything is used")
            try finish()
        } catch {
            output.truncate(to: start)
            throw error
        }
    }
}

/// Appends all that `range` of `input` holds, which is gzip to its last byte.
///
/// - Parameter limit: how many bytes may come out: a kilobyte can hold a megabyte.
/// - Throws: `output` is then as it was before.
package func gunzip(
    _ input: borrowing ByteBuffer, _ range: Range<Int>, into output: inout ByteBuffer, limit: Int
) throws(GzipError) {
    var inflater = Inflater()
    try inflater.gunzip(input, range, into: &output, limit: limit)
}

/// Appends `range` of `input`, packed; the same bytes give the same result.
///
/// - Parameter level: from 1, the fastest, to 9, the smallest.
package func gzip(_ input: borrowing ByteBuffer, _ range: Range<Int>, into output: inout ByteBuffer, level: Int) {
    var deflater = Deflater(level: level)
    deflater.gzip(input, range, into: &output)
}
