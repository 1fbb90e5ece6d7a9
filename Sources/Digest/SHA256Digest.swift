/// The 32 bytes of a SHA-256.
package struct SHA256Digest: Hashable, Sendable {
    package static let byteCount = 32

    package let bytes: [UInt8]

    /// The digest of `bytes`.
    package init(of bytes: Span<UInt8>) {
        var digest = SHA256()
        digest.update(bytes)
        self = digest.finish()
    }

    /// Reads 64 hexadecimal digits of either case; any other text is nil.
    package init?(hexadecimal text: some StringProtocol) {
        let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == Self.byteCount * 2, text.utf8.count == digits.count else { return nil }
        bytes = (0..<Self.byteCount).map { UInt8(digits[2 * $0] << 4 | digits[2 * $0 + 1]) }
    }

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// 64 lower-case hexadecimal digits.
    package var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}

extension SHA256Digest: CustomStringConvertible {
    package var description: String { hexadecimal }
}
