/// A SHA-256 as four words, which needs no allocation to make, keep or compare.
package struct DigestWords: Sendable {
    let words: SIMD4<UInt64>

    init(_ words: SIMD4<UInt64>) { self.words = words }

    /// Zero for the same digest, anything else for another one; the time does not depend on where they differ.
    package func differences(from other: DigestWords) -> UInt64 {
        let differences = words ^ other.words
        return differences.x | differences.y | differences.z | differences.w
    }

    /// The first half, as two words: enough to name what was digested.
    package var prefix: (UInt64, UInt64) { (words.x, words.y) }
}

extension SHA256Digest {
    package var words: DigestWords {
        var words = SIMD4<UInt64>()
        for place in 0..<4 {
            words[place] = bytes[place * 8..<place * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
        return DigestWords(words)
    }
}
