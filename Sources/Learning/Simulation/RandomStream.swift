/// Repeatable random numbers (SplitMix64; Steele, Lea, Flood 2014): a stream of its own for each customer of each seed.
///
/// Every draw uses `Elementary` alone, so that a seed gives the same customers on every machine.
package struct RandomStream: Sendable {
    private var state: UInt64

    package init(seed: UInt64, customer: Int) {
        // One step of the generator between the two, so that neighbouring seeds and customers share nothing.
        state = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15) &+ Self.mix(UInt64(customer) &* 0xD1B5_4A32_D192_ED03)
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// Uniform in [0, 1).
    package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform among 0 ..< `count`.
    package mutating func index(_ count: Int) -> Int { min(Int(uniform() * Double(count)), count - 1) }

    package mutating func exponential(mean: Double) -> Double { -mean * Elementary.log1p(-uniform()) }

    /// Standard normal, by the polar method (Marsaglia 1962); its second value is thrown away.
    package mutating func normal() -> Double {
        while true {
            let x = 2 * uniform() - 1
            let y = 2 * uniform() - 1
            let square = x * x + y * y
            if square < 1, square > 0 { return x * (-2 * Elementary.log(square) / square).squareRoot() }
        }
    }

    /// Gamma with scale 1 and `shape` at least 1 (Marsaglia and Tsang 2000).
    package mutating func gamma(shape: Double) -> Double {
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let root = 1 + c * x
            guard root > 0 else { continue }
            let v = root * root * root
            let u = 1 - uniform()
            if Elementary.log(u) < 0.5 * x * x + d - d * v + d * Elementary.log(v) { return d * v }
        }
    }

    package mutating func beta(_ a: Double, _ b: Double) -> Double {
        let x = gamma(shape: a)
        return x / (x + gamma(shape: b))
    }
}
