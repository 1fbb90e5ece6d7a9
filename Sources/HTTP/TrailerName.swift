/// The name of a trailer as far as it has come, in so little room that a body that is cut anywhere can keep it.
///
/// Five bits a letter: a name that is longer than 25 loses its beginning, and still differs from those that are looked for,
/// since no letter is zero.
struct TrailerName: Sendable {
    private var code: UInt128 = 0

    mutating func take(_ byte: UInt8) { code = Self.code(code, followedBy: byte) }

    /// The colon has come: starts anew, and says whether the name is one that frames or routes a message.
    mutating func end() -> Bool {
        defer { code = 0 }
        return code == Self.contentLength || code == Self.host || code == Self.transferEncoding
    }

    private static let contentLength = code(of: "content-length")
    private static let host = code(of: "host")
    private static let transferEncoding = code(of: "transfer-encoding")

    private static func code(of name: String) -> UInt128 { name.utf8.reduce(0, code) }

    private static func code(_ code: UInt128, followedBy byte: UInt8) -> UInt128 {
        let letter = byte | 0x20
        let bits: UInt8 = 0x61...0x7A ~= letter ? letter & 0x1F : byte == 0x2D ? 27 : 31
        return code &<< 5 | UInt128(bits)
    }
}
