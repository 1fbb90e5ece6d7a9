import Digest
import TestSupport
import Testing

@Suite struct SHA256Tests {
    /// FIPS 180-4's examples, and one of several blocks from `sha256sum`.
    @Test(arguments: [
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func `known texts have their known digests`(text: String, count: Int, expected: String) {
        let bytes = Array(String(repeating: text, count: count).utf8)
        let digest = SHA256Digest(of: bytes.span)
        #expect(digest.hexadecimal == expected)
        #expect("\(digest)" == expected)
    }

    @Test func `bytes in pieces give the digest of the whole`() {
        var generator = SeededGenerator(seed: 7)
        let bytes = (0..<1000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        for _ in 0..<100 {
            var digest = SHA256()
            var place = 0
            while place < bytes.count {
                let length = min(Int(generator.next() % 130), bytes.count - place)
                digest.update(bytes.span.extracting(place..<place + length))
                place += length
            }
            let whole = SHA256Digest(of: bytes.span)
            let pieces = digest.finish()
            #expect(pieces == whole)
        }
    }

    @Test func `a digest reads back from its text, and nothing else does`() {
        let digest = SHA256Digest(of: [1, 2, 3].span)
        #expect(SHA256Digest(hexadecimal: digest.hexadecimal) == digest)
        #expect(SHA256Digest(hexadecimal: digest.hexadecimal.uppercased()) == digest)
        #expect(SHA256Digest(hexadecimal: digest.hexadecimal.dropLast()) == nil)
        #expect(SHA256Digest(hexadecimal: digest.hexadecimal + "0") == nil)
        #expect(SHA256Digest(hexadecimal: digest.hexadecimal + "g") == nil)
        #expect(SHA256Digest(hexadecimal: "g" + digest.hexadecimal.dropFirst()) == nil)
    }
}
