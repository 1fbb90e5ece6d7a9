/// All decimal digits of `significand` times a power of two, by schoolbook arithmetic: the naive twin that shares no
/// code with the reader or with `strtod`.
struct ExactDecimal {
    private var digits: [UInt8]  // lowest first
    private var fractionCount = 0

    init(_ significand: UInt64, timesTwoToThe exponent: Int) {
        digits = "\(significand)".utf8.reversed().map { $0 - 0x30 }
        for _ in 0..<abs(exponent) { multiply(by: exponent < 0 ? 5 : 2) }
        if exponent < 0 { fractionCount = -exponent }  // x / 2 is x * 5 / 10
        while digits.count <= fractionCount { digits.append(0) }
    }

    private mutating func multiply(by factor: UInt8) {
        var carry: UInt8 = 0
        for index in digits.indices {
            let product = digits[index] * factor + carry
            digits[index] = product % 10
            carry = product / 10
        }
        if carry > 0 { digits.append(carry) }
    }

    var text: String { text(of: digits, fractionCount) }

    /// A number larger by one in a decimal place behind the last.
    var textAbove: String { text(of: [1] + digits, fractionCount + 1) }

    /// A number smaller by one in a decimal place behind the last.
    var textBelow: String {
        var lower: [UInt8] = [0] + digits
        var index = 0
        while lower[index] == 0 {
            lower[index] = 9
            index += 1
        }
        lower[index] -= 1
        return text(of: lower, fractionCount + 1)
    }

    private func text(of digits: [UInt8], _ fractionCount: Int) -> String {
        let characters = digits.reversed().map { Character(Unicode.Scalar($0 + 0x30)) }
        let whole = String(characters.dropLast(fractionCount).drop { $0 == "0" })
        let fraction = String(characters.suffix(fractionCount))
        return (whole.isEmpty ? "0" : whole) + (fraction.isEmpty ? "" : "." + fraction)
    }
}
