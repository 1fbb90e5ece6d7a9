package import Digest

/// A new key: the text that its holder sends, shown once and kept nowhere.
///
/// `churn_ID_SECRET`: the prefix lets scanners for leaked secrets know it, the id lets people name it. The secret has 160 bits
/// of the kernel's randomness, so that its plain SHA-256 needs no salt and no slow function: there is nothing to guess. The
/// whole is 55 octets, which is what SHA-256 takes in one block.
package struct KeyText: Sendable {
    package let id: String
    package let text: String

    package init(using random: inout some RandomNumberGenerator) {
        id = Self.hexadecimal(byteCount: 4, &random)
        text = "churn_\(id)_\(Self.hexadecimal(byteCount: 20, &random))"
    }

    package var digest: SHA256Digest {
        let bytes = Array(text.utf8)
        return SHA256Digest(of: bytes.span)
    }

    private static func hexadecimal(byteCount: Int, _ random: inout some RandomNumberGenerator) -> String {
        let digits = Array("0123456789abcdef")
        return String((0..<byteCount * 2).map { _ in digits[Int.random(in: 0..<16, using: &random)] })
    }
}
