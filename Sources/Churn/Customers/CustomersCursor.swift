import Bytes

/// Where a page of customers ended, in a form that callers hand back and do not read: the run, and the last row.
package struct CustomersCursor: Equatable, Sendable {
    package let run: CustomersQuery.Run
    /// What the rows are ordered by.
    let rank: Double
    let id: PredictionID

    init(run: CustomersQuery.Run, rank: Double, id: PredictionID) {
        self.run = run
        self.rank = rank
        self.id = id
    }

    package var text: String {
        var buffer = ByteBuffer(capacity: 64)
        let words: [(UInt128, Int)] = [
            (UInt128(UInt32(bitPattern: run.number)), 4), (UInt128(UInt32(truncatingIfNeeded: run.day)), 4),
            (UInt128(rank.bitPattern), 8), (id.bits, 16),
        ]
        for (bits, count) in words {
            for place in stride(from: count - 1, through: 0, by: -1) {
                buffer.append(hexadecimal: UInt8(truncatingIfNeeded: bits >> UInt128(8 * place)))
            }
        }
        return buffer.text
    }

    /// Reads `text`; nil for anything else.
    package init?(_ text: Span<UInt8>) {
        guard text.count == 64 else { return nil }
        var words: [UInt128] = []
        for range in [0..<8, 8..<16, 16..<32, 32..<64] {
            var bits: UInt128 = 0
            for offset in range {
                guard let digit = hexadecimalValue(text[offset]) else { return nil }
                bits = bits << 4 | UInt128(digit)
            }
            words.append(bits)
        }
        let rank = Double(bitPattern: UInt64(words[2]))
        guard rank.isFinite else { return nil }
        let number = Int32(bitPattern: UInt32(words[0]))
        let day = Int(Int32(bitPattern: UInt32(words[1])))
        self.init(run: CustomersQuery.Run(number: number, day: day), rank: rank, id: PredictionID(bits: words[3]))
    }
}
