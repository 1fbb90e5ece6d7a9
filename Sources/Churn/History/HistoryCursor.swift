package import Bytes

/// Where a page ended, in a form that callers hand back and do not read.
package enum HistoryCursor {
    package static func write(_ id: PredictionID, into buffer: inout ByteBuffer) {
        for shift in stride(from: 120, through: 0, by: -8) {
            buffer.append(hexadecimal: UInt8(truncatingIfNeeded: id.bits >> UInt128(shift)))
        }
    }

    /// Reads what `write` wrote; nil for anything else.
    package static func read(_ text: Span<UInt8>) -> PredictionID? {
        guard text.count == 32 else { return nil }
        var bits: UInt128 = 0
        for offset in 0..<32 {
            guard let digit = hexadecimalValue(text[offset]) else { return nil }
            bits = bits << 4 | UInt128(digit)
        }
        return PredictionID(bits: bits)
    }
}
