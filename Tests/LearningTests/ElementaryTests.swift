import Glibc
import Learning
import TestSupport
import Testing

struct ElementaryTests {
    private func isClose(_ found: Double, _ expected: Double, units: Double = 2) -> Bool {
        found == expected || abs(found - expected) <= units * max(expected.ulp, Double.leastNormalMagnitude)
    }

    @Test func `the exponential agrees with the C library over its whole range`() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<20_000 {
            let x = Double.random(in: -744...709, using: &generator)
            #expect(isClose(Elementary.exp(x), Glibc.exp(x)), "exp(\(x))")
        }
        #expect(Elementary.exp(0) == 1)
        #expect(Elementary.exp(710) == .infinity)
        #expect(Elementary.exp(-746) == 0)
        #expect(Elementary.exp(.nan).isNaN)
    }

    @Test func `the logarithms agree with the C library`() {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<20_000 {
            let x = Glibc.exp(Double.random(in: -700...700, using: &generator))
            #expect(isClose(Elementary.log(x), Glibc.log(x)), "log(\(x))")
            let near = Double.random(in: -0.999...3, using: &generator)
            #expect(isClose(Elementary.log1p(near), Glibc.log1p(near), units: 3), "log1p(\(near))")
            let small = Double.random(in: -1...1, using: &generator) * 1e-9
            #expect(isClose(Elementary.log1p(small), Glibc.log1p(small)), "log1p(\(small))")
        }
        #expect(Elementary.log(0) == -.infinity)
        #expect(Elementary.log(-1).isNaN)
        #expect(Elementary.log1p(-1) == -.infinity)
        #expect(Elementary.log(Double.leastNonzeroMagnitude).isFinite)
    }

    @Test func `the cosine agrees with the C library`() {
        for step in -400...400 {
            let turns = Double(step) / 97
            #expect(abs(Elementary.cosine(turns: turns) - Glibc.cos(turns * 2 * Double.pi)) < 1e-14)
        }
    }

    @Test func `the sigmoid neither overflows nor loses its small values`() {
        #expect(Elementary.sigmoid(800) == 1)
        #expect(Elementary.sigmoid(-800) == 0)
        #expect(Elementary.sigmoid(-700) > 0)
        #expect(Elementary.sigmoid(0) == 0.5)
        #expect(Elementary.log1pexp(800) == 800)
        #expect(isClose(Elementary.log1pexp(-40), Glibc.exp(-40)))
    }
}
