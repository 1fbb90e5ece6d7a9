import Glibc
import JSON
import TestSupport
import Testing

private func number(_ text: String) -> Double? {
    try? read(text) { reader throws(JSONError) in try reader.readNumber() }.get()
}

private func integer(_ text: String) -> Result<Int, JSONError> {
    read(text) { reader throws(JSONError) in try reader.readInteger() }
}

/// The digits that C prints for `value` with `precision` digits behind the first.
private func printed(_ value: Double, precision: Int) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { room in
        let length = unsafe withVaList([CInt(precision), value]) { arguments in
            unsafe vsnprintf(room.baseAddress, room.count, "%.*e", arguments)
        }
        return unsafe String(decoding: room[..<Int(length)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

@Suite struct JSONNumberTests {
    @Test(
        arguments: [
            ("0", 0), ("1", 1), ("-1", -1), ("10", 10), ("1.5", 1.5), ("0.1", 0.1), ("1e22", 1e22), ("1e23", 1e23),
            ("1e-22", 1e-22), ("1e-23", 1e-23), ("9007199254740993", 9_007_199_254_740_992),
            ("9007199254740992", 9_007_199_254_740_992), ("9007199254740995", 9_007_199_254_740_996),
            ("1234567890123456789", 1_234_567_890_123_456_768), ("12345678901234567890", 12_345_678_901_234_567_168),
            ("1.7976931348623157e308", .greatestFiniteMagnitude), ("5e-324", .leastNonzeroMagnitude), ("2e-324", 0),
            ("2.2250738585072011e-308", .leastNormalMagnitude.nextDown), ("0e999999999999999999999", 0),
            ("1e-999999999999", 0),
            ("0.000000000000000000000000000001", 1e-30), ("100000000000000000000000", 1e23), ("1E5", 1e5),
            ("1e05", 1e5),
        ] as [(String, Double)])
    func `a number is the nearest Double`(text: String, expected: Double) {
        #expect(number(text) == expected)
        #expect(number("-" + text)?.bitPattern == (text.hasPrefix("-") ? nil : (-expected).bitPattern))
    }

    @Test func `random Doubles in shortest and in 17 digits read back`() {
        var generator = SeededGenerator(seed: 3)
        for round in 0..<100_000 {
            let bits = generator.next()
            // Any Double, amounts with cents, and quotients of small numbers in turn.
            let value =
                switch round % 3 {
                case 0: Double(bitPattern: bits)
                case 1: Double(bits % 100_000_000) / 100
                default: Double(bits % 1000) / Double(bits >> 32 % 1000 + 1)
                }
            guard value.isFinite else { continue }
            let shortest = "\(value)"
            #expect(number(shortest)?.bitPattern == value.bitPattern, "\(shortest)")
            let long = printed(value, precision: 16)
            #expect(number(long)?.bitPattern == value.bitPattern, "\(long)")
        }
    }

    @Test func `random digits give what strtod gives`() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<100_000 {
            var text = generator.next() % 2 == 0 ? "-" : ""
            text += "\(generator.next() >> (generator.next() % 60))"
            if generator.next() % 2 == 0 { text += ".\(generator.next() >> (generator.next() % 60))" }
            if generator.next() % 2 == 0 { text += "e\(Int(generator.next() % 80) - 40)" }
            let expected = unsafe strtod(text, nil)
            #expect(number(text)?.bitPattern == expected.bitPattern, "\(text)")
        }
    }

    @Test func `halfway between two Doubles the even one wins, and a hair beside it the nearer`() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<3000 {
            let exponent = Int(generator.next() % 200) - 100
            let significand = generator.next() >> 11 | 1 << 52
            let lower = Double(sign: .plus, exponent: exponent, significand: Double(significand))
            let halfway = ExactDecimal(2 * significand + 1, timesTwoToThe: exponent - 1)
            #expect(number(halfway.text) == (significand % 2 == 0 ? lower : lower.nextUp), "\(halfway.text)")
            #expect(number(halfway.textAbove) == lower.nextUp, "\(halfway.textAbove)")
            #expect(number(halfway.textBelow) == lower, "\(halfway.textBelow)")
        }
    }

    @Test func `a number of any length is read`() {
        let zeros = String(repeating: "0", count: 5000)
        #expect(number("1" + zeros + "e-5000") == 1)
        #expect(number("0." + zeros + "1e5001") == 1)
        #expect(number("9007199254740993." + zeros + "1") == 9_007_199_254_740_994)
        #expect(number("9007199254740993." + zeros) == 9_007_199_254_740_992)
        #expect(number("1" + zeros) == nil)
    }

    @Test func `integers are exact, however they are written`() {
        for value in [0, 1, -1, 42, .max, .min, .max - 1, .min + 1] { #expect(integer("\(value)") == .success(value)) }
        for (text, value) in [("1.0", 1), ("-12e2", -1200), ("1500e-2", 15), ("9007199254740992.0", 1 << 53)] {
            #expect(integer(text) == .success(value))
        }
        for text in [
            "0.5", "1e-1", "9223372036854775808", "-9223372036854775809", "99999999999999999999", "1e19",
            "9007199254740994.0",
        ] {
            #expect(integer(text) == .failure(JSONError(.notAnInteger, at: 0)))
        }
    }
}
