import Digest
import TestSupport
import Testing

struct DigestWordsTests {
    @Test func `one digest after another in the same place is that of a new one`() {
        var reuse = SHA256()
        var random = SeededGenerator(seed: 5)
        for count in [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000] {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            let words = reuse.digest(of: bytes.span)
            #expect(words.differences(from: SHA256Digest(of: bytes.span).words) == 0)
        }
    }

    @Test func `any bit makes a difference`() throws {
        let text = String(repeating: "0", count: 64)
        let zero = try #require(SHA256Digest(hexadecimal: text)).words
        for place in 0..<64 {
            let digits = (0..<64).map { $0 == place ? "8" : "0" }.joined()
            #expect(try #require(SHA256Digest(hexadecimal: digits)).words.differences(from: zero) != 0)
        }
    }
}
