import Bytes
import Glibc
import JSON
import TestSupport
import Testing

/// A million random Doubles in four forms, each read as `strtod` reads it.
///
/// Nothing is expected of one number at a time: the first difference ends the sweep.
@Suite struct JSONNumberSweepTests {
    private struct Difference: Error { let text: String, read: Double?, wanted: Double }

    @Test(arguments: 1...8)
    func `random Doubles in every form are read as strtod reads them`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: 100 + seed)
        var text = ByteBuffer(capacity: 64)
        for _ in 0..<125_000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            text.removeAll()
            text.append(shortest: value)
            try check(text, value)
            // Seventeen digits tell all Doubles apart; one of these up or down is near half-way to a neighbour.
            print(value, digits: 17, into: &text)
            try check(text, value)
            let unit = lastDigit(of: text)
            text = replacing(text, unit, by: (text[unit] - 0x30 + 1) % 10)
            try check(text, nil)
            // Half of the last place more than the digits say: one digit beyond those that `UInt64` holds.
            print(value, digits: 21, into: &text)
            try check(text, nil)
        }
    }

    /// Around 2^53 and the powers of ten to 10^22 the exact path ends.
    @Test func `the ends of the exact path are read as strtod reads them`() throws {
        var text = ByteBuffer(capacity: 64)
        for power in [50, 52, 53, 54, 55, 63, 64] {
            for delta in -40...40 {
                let base = UInt64(truncatingIfNeeded: (Int128(1) << power) + Int128(delta))
                for exponent in -30...30 {
                    text.removeAll()
                    text.append(text: "\(base)e\(exponent)")
                    try check(text, nil)
                    text.removeAll()
                    text.append(text: "-\(base).0000E\(exponent)")
                    try check(text, nil)
                }
            }
        }
    }

    @Test func `half-way between two Doubles of any size the even one wins`() throws {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<300 {
            let exponent = Int(generator.next() % 2046) - 1074
            let significand = generator.next() >> 11 | 1 << 52
            // Of subnormal size only what is left of the significand counts; `strtod` says how.
            for decimal in [
                ExactDecimal(2 * significand + 1, timesTwoToThe: exponent - 53),
                ExactDecimal(1 | (significand >> 30) << 1, timesTwoToThe: max(exponent - 53, -1075)),
            ] {
                for form in [decimal.text, decimal.textAbove, decimal.textBelow] {
                    var text = ByteBuffer(capacity: form.utf8.count)
                    text.append(text: form)
                    try check(text, nil)
                }
            }
        }
    }

    /// - Parameter value: what it must be, beside being what `strtod` says.
    private func check(_ text: borrowing ByteBuffer, _ value: Double?) throws {
        var wanted = 0.0
        var terminated = ByteBuffer(capacity: text.count + 1)
        terminated.append(text, 0..<text.count)
        terminated.append(byte: 0)
        unsafe terminated.withUnsafeBytes { bytes in
            unsafe wanted = strtod(bytes.baseAddress!.assumingMemoryBound(to: CChar.self), nil)
        }
        var reader = JSONReader(text.span)
        let read = try? reader.readNumber()
        // What is beyond all Doubles is refused.
        let isRight = wanted.isFinite ? read?.bitPattern == wanted.bitPattern : read == nil
        guard isRight, value == nil || value?.bitPattern == wanted.bitPattern else {
            throw Difference(text: text.text, read: read, wanted: wanted)
        }
    }

    private func print(_ value: Double, digits: Int32, into text: inout ByteBuffer) {
        text.removeAll()
        _ = unsafe text.append(room: 64) { free in
            unsafe withVaList([digits - 1, value]) { arguments in
                Int(
                    unsafe vsnprintf(free.baseAddress?.assumingMemoryBound(to: CChar.self), 64, "%.*e", arguments))
            }
        }
    }

    /// The place of the last digit in front of the exponent.
    private func lastDigit(of text: borrowing ByteBuffer) -> Int {
        var place = 0
        while text[place + 1] != 0x65 { place += 1 }
        return place
    }

    private func replacing(_ text: borrowing ByteBuffer, _ place: Int, by digit: UInt8) -> ByteBuffer {
        var copy = ByteBuffer(capacity: text.count)
        copy.append(text, 0..<place)
        copy.append(byte: 0x30 + digit)
        copy.append(text, place + 1..<text.count)
        return copy
    }
}
