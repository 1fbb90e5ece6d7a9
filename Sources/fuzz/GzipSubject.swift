import Bytes
import Gzip

extension Subject {
    /// However packed bytes are cut, what comes out is the same; and what comes out, packed again, comes out again.
    static let gzip = Subject("gzip", binarySeeds: seeds) { bytes in
        let whole = outcome(bytes, size: max(1, bytes.count))
        for size in [1, 7] {
            let pieces = outcome(bytes, size: size)
            precondition(whole == pieces, "unpacked whole: \(whole), in pieces of \(size): \(pieces)")
        }
        guard case .success(let text) = whole else { return }
        precondition(outcome(packed(text), size: 64) == whole, "packed and unpacked it is another")
    }

    private static let seeds: [[UInt8]] = {
        let text = Array(#"{"customer_id":"C-17","features":[1.5,42.1,12,3]}"#.utf8)
        let member = packed(text)
        return [
            member, packed([]) + member, member + [0], Array(member.dropLast(3)),
            packed([UInt8](repeating: 0x20, count: 5_000)), [0x1F, 0x8B, 8, 0x1F, 0, 0, 0, 0, 0, 3, 2, 0, 0x61, 0x62],
        ]
    }()
}

private let limit = 1 << 14

private func packed(_ text: [UInt8]) -> [UInt8] {
    var plain = ByteBuffer()
    var member = ByteBuffer()
    plain.append(text)
    gzip(plain, 0..<plain.count, into: &member, level: 6)
    return member.bytes
}

/// What comes of bytes that are handed in `size` at a time.
private func outcome(_ bytes: [UInt8], size: Int) -> Result<[UInt8], GzipError> {
    var input = ByteBuffer()
    var output = ByteBuffer()
    input.append(bytes)
    var inflater = Inflater()
    do throws(GzipError) {
        for start in stride(from: 0, to: bytes.count, by: size) {
            var piece = start..<min(start + size, bytes.count)
            while true {
                let used = try inflater.inflate(input, piece, into: &output, limit: limit + 1 - output.count)
                precondition(used <= piece.count, "more was used than there was")
                if output.count > limit { throw .tooLarge }
                piece = piece.lowerBound + used..<piece.upperBound
                if piece.isEmpty { break }
            }
        }
        try inflater.finish()
    } catch {
        // Where an error is seen first depends on the cut; that there is one does not.
        return .failure(.corrupt)
    }
    return .success(output.bytes)
}
