import Learning
import TestSupport
import Testing

struct DecimalTests {
    private func parse(_ text: String) -> Double? { parseDecimal(Array(text.utf8).span) }

    @Test(arguments: [
        "0", "-0", "1", "+1.5", ".5", "5.", "1e3", "1E-3", "-2.5e+10", "123456789012345678", "0.1", "29.85",
        "9007199254740993", "1234567890123456789012345", "4.9e-324", "1.7976931348623157e308", "  42\t", "1e-400",
    ]) func `a decimal reads as the nearest Double`(text: String) {
        let trimmed = text.trimmed
        #expect(parse(text) == Double(trimmed))
    }

    @Test(arguments: [
        "", " ", "-", ".", "e5", "1e", "1e+", "1.2.3", "1,5", "0x10", "nan", "inf", "1 2", "1e999", "12€", "--1",
        "1_000",
    ]) func `what is no decimal is refused`(text: String) {
        #expect(parse(text) == nil)
    }

    @Test func `every number of digits and every place of the point reads as the standard library reads it`() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<60_000 {
            // Near the middle between two Doubles, where a bit too few would show.
            let double = Double(UInt64.random(in: 0..<1 << 53, using: &generator) | 1 << 52)
            let middle = UInt64(double) * 2 + 1
            let number = Bool.random(using: &generator) ? middle : UInt64.random(in: 0...UInt64.max, using: &generator)
            let text = String("\(number)".prefix(Int.random(in: 1...20, using: &generator)))
            let point = Int.random(in: 0...text.count, using: &generator)
            let sign = Bool.random(using: &generator) ? "-" : ""
            let decimal = sign + text.prefix(point) + "." + text.suffix(text.count - point)
            #expect(parse(decimal)?.bitPattern == Double(sign + "0" + decimal.dropFirst(sign.count) + "0")?.bitPattern)
        }
    }

    @Test func `random decimals read as the standard library reads them`() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20_000 {
            let digits = Int.random(in: 0...999_999_999_999, using: &generator)
            let places = Int.random(in: 0...14, using: &generator)
            let text = "\(digits)"
            let point = max(0, text.count - places)
            let decimal = text.prefix(point) + "." + text.suffix(text.count - point)
            #expect(parse(String(decimal)) == Double("0" + decimal + "0"), "\(decimal)")
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = Substring(self)
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text.hasPrefix("+") ? String(text.dropFirst()) : String(text)
    }
}
