/// The five characters by which PostgreSQL names an error (PostgreSQL manual, appendix A).
///
/// The first two are the class. Kept as a number, so that one can be compared without a String.
package struct SQLState: Equatable, Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The five characters, first one highest.
    private let code: UInt64

    package init(stringLiteral text: StaticString) {
        precondition(text.utf8CodeUnitCount == 5, "an SQLSTATE has five characters")
        var code: UInt64 = 0
        for offset in 0..<5 { code = unsafe code << 8 | UInt64(text.utf8Start[offset]) }
        self.code = code
    }

    /// Reads five characters of a C string; nil when there are fewer.
    init?(_ text: UnsafePointer<CChar>?) {
        guard let text = unsafe text else { return nil }
        var code: UInt64 = 0
        for offset in 0..<5 {
            let character = unsafe UInt8(bitPattern: text[offset])
            if character == 0 { return nil }
            code = code << 8 | UInt64(character)
        }
        self.code = code
    }

    /// Whether the first two characters are those of `name`.
    package func isClass(_ name: StaticString) -> Bool {
        precondition(name.utf8CodeUnitCount == 2, "a class of SQLSTATE has two characters")
        return unsafe code >> 24 == UInt64(name.utf8Start[0]) << 8 | UInt64(name.utf8Start[1])
    }

    package var description: String {
        let characters = (0..<5).map { UInt8(truncatingIfNeeded: code >> (32 - 8 * UInt64($0))) }
        return String(decoding: characters, as: UTF8.self)
    }
}
