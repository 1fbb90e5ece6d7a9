import TestSupport

extension [UInt8] {
    /// Itself with a few changes of the kinds that break parsers.
    func mutated(using random: inout SeededGenerator, splicing other: [UInt8]) -> [UInt8] {
        var bytes = self
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1 where place < bytes.count: bytes.remove(at: place)
            case 2: bytes.insert(telling.randomElement(using: &random)!, at: place)
            case 3: bytes.removeSubrange(place...)
            case 4: bytes.insert(contentsOf: bytes[(place / 2)..<place], at: place)
            default:
                bytes.replaceSubrange(place..., with: other.suffix(Int.random(in: 0...other.count, using: &random)))
            }
        }
        return bytes
    }
}

/// Bytes that mean something to one parser or another.
private let telling = Array("\r\n\t :;,\"\\{}[]0159eE+-.%/?*".utf8) + [0x00, 0x7F, 0x80, 0xC0, 0xED, 0xF4, 0xFF]
