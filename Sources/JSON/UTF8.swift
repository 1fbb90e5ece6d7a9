/// The length of the UTF-8 sequence that begins at `offset` with a byte that is not ASCII.
///
/// Source: The Unicode Standard, table 3-7 "Well-Formed UTF-8 Byte Sequences", which leaves out overlong forms,
/// surrogates and everything above U+10FFFF.
/// - Returns: nil where no well-formed sequence begins.
package func lengthOfUTF8Sequence(_ bytes: Span<UInt8>, at offset: Int) -> Int? {
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch bytes[offset] {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    guard offset &+ length <= bytes.count, second.contains(bytes[offset &+ 1]) else { return nil }
    for place in offset &+ 2..<offset &+ length {
        guard bytes[place] & 0xC0 == 0x80 else { return nil }
    }
    return length
}
