/// 10^k for every k that printing a Double needs, as 128 bits each: 2^127 ≤ hi·2^64 + lo < 2^128, rounded up.
///
/// Made once, from whole numbers of any length: a table of 617 pairs in the source could not be checked by reading it.
struct PowersOfTen: Sendable {
    static let shared = PowersOfTen()

    private static let least = -292
    private static let greatest = 324
    private var pairs: [(high: UInt64, low: UInt64)] = []

    private init() {
        pairs.reserveCapacity(Self.greatest - Self.least + 1)
        // 2^1152 / 10^292 has more than 128 bits left, and dividing step by step loses nothing: ⌊⌊x/10⌋/10⌋ = ⌊x/100⌋.
        var falling = WholeNumber(powerOfTwo: 1152)
        var below: [(high: UInt64, low: UInt64)] = []
        for _ in Self.least..<0 {
            falling.divideByTen()
            below.append(falling.leadingBits(roundingUp: true))
        }
        pairs.append(contentsOf: below.reversed())
        var rising = WholeNumber(powerOfTwo: 0)
        for _ in 0...Self.greatest {
            pairs.append(rising.leadingBits(roundingUp: false))
            rising.multiplyByTen()
        }
    }

    @inline(__always)
    subscript(_ exponent: Int) -> (high: UInt64, low: UInt64) { pairs[exponent &- Self.least] }

    /// ⌊log₂ 10^k⌋ for the exponents of the table.
    @inline(__always)
    static func floorLog2(_ exponent: Int) -> Int { (exponent &* 1_741_647) >> 19 }
}

/// A natural number of any length, lowest word first.
private struct WholeNumber {
    private var words: [UInt64]

    init(powerOfTwo exponent: Int) {
        words = Array(repeating: 0, count: exponent / 64 + 1)
        words[exponent / 64] = 1 << UInt64(exponent % 64)
    }

    mutating func multiplyByTen() {
        var carry: UInt64 = 0
        for index in words.indices {
            let (high, low) = words[index].multipliedFullWidth(by: 10)
            let (sum, overflow) = low.addingReportingOverflow(carry)
            words[index] = sum
            carry = high + (overflow ? 1 : 0)
        }
        if carry > 0 { words.append(carry) }
    }

    mutating func divideByTen() {
        var remainder: UInt64 = 0
        for index in words.indices.reversed() {
            let (quotient, rest) = UInt64(10).dividingFullWidth((remainder, words[index]))
            words[index] = quotient
            remainder = rest
        }
        while words.last == 0 { words.removeLast() }
    }

    /// The highest 128 bits, the highest of them set.
    ///
    /// - Parameter roundingUp: adds one whatever was cut off; else only if something other than zeros was.
    func leadingBits(roundingUp: Bool) -> (high: UInt64, low: UInt64) {
        let top = words.count - 1
        let shift = UInt64(words[top].leadingZeroBitCount)
        func word(_ index: Int) -> UInt64 {
            let here = index >= 0 ? words[index] << shift : 0
            return shift > 0 && index >= 1 ? here | words[index - 1] >> (64 - shift) : here
        }
        var low = word(top - 1)
        var high = word(top)
        let isExact = word(top - 2) == 0 && words.prefix(max(top - 2, 0)).allSatisfy { $0 == 0 }
        guard roundingUp || !isExact else { return (high, low) }
        low &+= 1
        if low == 0 { high &+= 1 }
        return (high, low)
    }
}
