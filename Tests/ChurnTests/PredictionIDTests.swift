import Churn
import TestSupport
import Testing

@Suite struct PredictionIDTests {
    @Test func `ids grow whatever the clock does`() {
        var random = SeededGenerator(seed: 7)
        var ids = PredictionIDGenerator(seed: 1)
        var clock = 1_795_000_000_000_000
        var last = ids.next(at: clock)
        for _ in 0..<200_000 {
            // Mostly standing, sometimes forward, sometimes back by up to a second.
            switch random.next() % 10 {
            case 0: clock += Int(random.next() % 3000)
            case 1: clock -= Int(random.next() % 1_000_000)
            default: break
            }
            let next = ids.next(at: clock)
            #expect(next > last)
            last = next
        }
    }

    @Test func `an id keeps its microsecond, its version and its variant`() {
        var ids = PredictionIDGenerator(seed: 2)
        for microseconds in 1_795_000_000_000_000..<1_795_000_000_002_500 {
            let id = ids.next(at: microseconds)
            #expect(id.microseconds == microseconds)
            #expect(id.bits >> 76 & 0xF == 7)
            #expect(id.bits >> 62 & 0b11 == 0b10)
            #expect(id >= PredictionID(firstAt: microseconds) && id < PredictionID(firstAt: microseconds + 1))
        }
    }

    @Test func `the random part carries over version and variant when it is used up`() {
        let full = PredictionID(bits: 0x0192_9b1e_7f00_7fff_bfff_ffff_ffff_ffff)
        let next = PredictionIDGenerator.successor(of: full.bits)
        #expect(next == 0x0192_9b1e_7f01_7000_8000_0000_0000_0000)
        let fraction = PredictionIDGenerator.successor(of: 0x0192_9b1e_7f00_7001_bfff_ffff_ffff_ffff)
        #expect(fraction == 0x0192_9b1e_7f00_7002_8000_0000_0000_0000)
    }

    @Test func `two generators never meet`() {
        var first = PredictionIDGenerator(seed: 3)
        var second = PredictionIDGenerator(seed: 4)
        var seen = Set<UInt128>()
        for _ in 0..<10_000 {
            #expect(seen.insert(first.next(at: 1_795_000_000_000_000).bits).inserted)
            #expect(seen.insert(second.next(at: 1_795_000_000_000_000).bits).inserted)
        }
    }
}
