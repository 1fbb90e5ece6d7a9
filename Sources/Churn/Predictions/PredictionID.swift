import Bytes

/// The id of a prediction: a UUIDv7 (RFC 9562 §5.7) whose time is the time of the prediction.
///
/// 48 bits of milliseconds, 12 bits of their fraction (RFC 9562 §6.2 method 3), 62 random bits.
package struct PredictionID: Hashable, Comparable, Sendable {
    package let bits: UInt128

    package init(bits: UInt128) { self.bits = bits }

    /// The smallest id of an instant: the lower bound of a range of ids in time.
    package init(firstAt microseconds: Int) {
        bits = Self.time(microseconds) | Self.versionAndVariant
    }

    /// The time inside the id, in microseconds since 1970.
    package var microseconds: Int {
        let milliseconds = Int(truncatingIfNeeded: bits >> 80)
        let fraction = Int(truncatingIfNeeded: bits >> 64) & 0xFFF
        return milliseconds * 1000 + (fraction * 1000 + 4095) >> 12
    }

    /// The time inside the id, in whole milliseconds since 1970.
    var milliseconds: Int { Int(truncatingIfNeeded: bits >> 80) }

    /// As people write it.
    var text: String {
        var buffer = ByteBuffer(capacity: 40)
        buffer.append(uuid: bits)
        return buffer.text
    }

    /// The bits before these: less than this id, and no less than any id before it.
    var predecessor: PredictionID { PredictionID(bits: bits == 0 ? 0 : bits - 1) }

    package static func < (left: PredictionID, right: PredictionID) -> Bool { left.bits < right.bits }

    static let versionAndVariant: UInt128 = 7 << 76 | 2 << 62

    /// Milliseconds and fraction in their places; the fraction is rounded down, and read back rounded up, so that
    /// every microsecond survives the way there and back.
    static func time(_ microseconds: Int) -> UInt128 {
        let (milliseconds, rest) = max(microseconds, 0).quotientAndRemainder(dividingBy: 1000)
        return UInt128(truncatingIfNeeded: milliseconds) << 80 | UInt128(truncatingIfNeeded: rest << 12 / 1000) << 64
    }
}

/// Makes the ids of one writer: each greater than the last, whatever the clock does.
package struct PredictionIDGenerator {
    private var last: UInt128 = 0
    private var random: Xoshiro256

    package init(seed: UInt64) { random = Xoshiro256(seed: seed) }

    /// - Parameter microseconds: the wall clock. Where it stands or steps back, the id is the last one plus one.
    package mutating func next(at microseconds: Int) -> PredictionID {
        let fresh = PredictionID.time(microseconds) | PredictionID.versionAndVariant
        if fresh >> 64 > last >> 64 {
            last = fresh | UInt128(random.next() >> 2)
        } else {
            last = Self.successor(of: last)
        }
        return PredictionID(bits: last)
    }

    /// Plus one, carried over the variant bits into the fraction when the random part is used up.
    package static func successor(of id: UInt128) -> UInt128 {
        let randomPart: UInt128 = 1 << 62 - 1
        if id & randomPart != randomPart { return id + 1 }
        let fraction = id >> 64 & 0xFFF
        if fraction != 0xFFF { return (id & ~randomPart) + 1 << 64 }
        return ((id >> 80 + 1) << 80) | PredictionID.versionAndVariant
    }
}

/// xoshiro256** (Blackman, Vigna 2018): fast, and without a system call for each id.
struct Xoshiro256 {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// The four words of state come from SplitMix64, as its authors advise.
    init(seed: UInt64) {
        var mixer = seed
        func word() -> UInt64 {
            mixer &+= 0x9E37_79B9_7F4A_7C15
            var mixed = mixer
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
        state = (word(), word(), word(), word())
    }

    mutating func next() -> UInt64 {
        let scrambled = rotate(state.1 &* 5, by: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotate(state.3, by: 45)
        return scrambled
    }

    private func rotate(_ value: UInt64, by amount: UInt64) -> UInt64 { value &<< amount | value &>> (64 &- amount) }
}
