import Bytes
import Gzip
import TestSupport
import Testing

private func buffer(_ bytes: some Collection<UInt8>) -> ByteBuffer {
    var buffer = ByteBuffer()
    buffer.append(Array(bytes))
    return buffer
}

private func bytes(_ buffer: borrowing ByteBuffer) -> [UInt8] {
    var bytes: [UInt8] = []
    for index in 0..<buffer.count { bytes.append(buffer[index]) }
    return bytes
}

private func packed(_ input: some Collection<UInt8>, level: Int = 6) -> [UInt8] {
    var output = ByteBuffer()
    gzip(buffer(input), 0..<input.count, into: &output, level: level)
    return bytes(output)
}

private func unpacked(_ input: some Collection<UInt8>, limit: Int = 1 << 20) -> Result<[UInt8], GzipError> {
    var output = buffer([0x21])
    do throws(GzipError) {
        try gunzip(buffer(input), 0..<input.count, into: &output, limit: limit)
        return .success(Array(bytes(output).dropFirst()))
    } catch {
        #expect(bytes(output) == [0x21], "what was there before is left alone")
        return .failure(error)
    }
}

/// Text-like bytes: they can be packed, but not to nothing.
private func text(_ count: Int, seed: UInt64) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in 0x61 + UInt8(generator.next() % 9) }
}

@Suite struct GzipTests {
    /// Made by `gzip -9` with a file name in the header.
    private static let fromTheTool: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x08, 0x2D, 0x64, 0x03, 0x6B, 0x02, 0x03, 0x68, 0x2E, 0x74, 0x78, 0x74, 0x00, 0xCB, 0x48,
        0xCD, 0xC9, 0xC9, 0xD7, 0x51, 0x48, 0xAF, 0xCA, 0x2C, 0xE0, 0x02, 0x00, 0x86, 0x1F, 0x82, 0xA4, 0x0C, 0x00,
        0x00, 0x00,
    ]

    @Test func `what the gzip program packs is unpacked`() {
        #expect(unpacked(Self.fromTheTool) == .success(Array("hello, gzip\n".utf8)))
    }

    @Test(arguments: [0, 1, 2, 100, 16_383, 16_384, 16_385, 300_000], [1, 6, 9])
    func `what is packed is unpacked`(count: Int, level: Int) {
        let text = text(count, seed: UInt64(count))
        let packed = packed(text, level: level)
        #expect(unpacked(packed) == .success(text))
        if count >= 100 { #expect(packed.count < count) }
    }

    @Test func `only the range is packed and unpacked`() throws {
        var member = ByteBuffer()
        gzip(buffer("<hello>".utf8), 1..<6, into: &member, level: 6)
        let whole = buffer([0] + bytes(member) + [0])
        var output = ByteBuffer()
        try gunzip(whole, 1..<whole.count - 1, into: &output, limit: 100)
        #expect(output.text == "hello")
    }

    @Test func `several members are one text`() {
        let members = packed("one ".utf8) + packed("".utf8) + Self.fromTheTool
        #expect(unpacked(members) == .success(Array("one hello, gzip\n".utf8)))
    }

    @Test func `every prefix is refused as too short`() {
        let members = packed("one".utf8) + packed(text(1000, seed: 1))
        let firstLength = packed("one".utf8).count
        for length in 0..<members.count where length != firstLength {
            #expect(unpacked(members[..<length]) == .failure(.truncated), "\(length) bytes")
        }
    }

    @Test func `trailing bytes are refused`() {
        let member = packed("one".utf8)
        for trailer: [UInt8] in [[0], [0x0A], [0x50, 0x4B], [0x1E, 0x8B]] {
            #expect(unpacked(member + trailer) == .failure(.trailingBytes))
        }
        #expect(unpacked(member + [0x1F]) == .failure(.truncated))
        #expect(unpacked(member + [0x1F, 0x8C]) == .failure(.corrupt))
    }

    @Test func `a flipped bit gives no other text`() {
        let text = text(500, seed: 2)
        let member = packed(text)
        var harmless = 0
        for bit in 0..<member.count * 8 {
            var damaged = member
            damaged[bit / 8] ^= 1 << (bit % 8)
            let result = unpacked(damaged)
            if result == .success(text) { harmless += 1 } else { #expect((try? result.get()) == nil, "bit \(bit)") }
        }
        // The time and the system in the header, its flag for text, and the padding behind the last block.
        #expect(harmless <= 6 * 8 + 1 + 7)
    }

    @Test func `other formats are refused`() {
        #expect(unpacked("hello".utf8) == .failure(.corrupt))
        #expect(unpacked([0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]) == .failure(.corrupt))  // zlib
        #expect(unpacked([0x03, 0x00]) == .failure(.corrupt))  // bare deflate
    }

    @Test func `more than the limit is refused, the limit itself is not`() {
        for count in [1, 1000, 16_383, 16_384, 16_385] {
            let text = text(count, seed: 3)
            #expect(unpacked(packed(text), limit: count) == .success(text))
            #expect(unpacked(packed(text), limit: count - 1) == .failure(.tooLarge))
            #expect(unpacked(packed(text) + packed(text), limit: 2 * count - 1) == .failure(.tooLarge))
        }
        #expect(unpacked(packed([]), limit: 0) == .success([]))
    }

    @Test func `a bomb is given up at the limit, without its room`() {
        let bomb = buffer(packed([UInt8](repeating: 0, count: 50_000_000), level: 9))
        var output = ByteBuffer()
        #expect(throws: GzipError.tooLarge) {
            try gunzip(bomb, 0..<bomb.count, into: &output, limit: 100_000)
        }
        #expect(output.capacity < 400_000)
    }

    @Test func `an inflater and a deflater serve again, also after an error`() throws {
        var inflater = Inflater()
        var deflater = Deflater(level: 1)
        for round in 0..<50 {
            let text = text(round * 100, seed: UInt64(round))
            var member = ByteBuffer()
            deflater.gzip(buffer(text), 0..<text.count, into: &member)
            #expect(bytes(member) == packed(text, level: 1))
            var output = ByteBuffer()
            if round % 2 == 0 { member.truncate(to: member.count - 1) }
            do throws(GzipError) {
                try inflater.gunzip(member, 0..<member.count, into: &output, limit: 10_000)
                #expect(bytes(output) == text)
            } catch { #expect(error == .truncated && round % 2 == 0) }
        }
    }

    @Test func `a stream in pieces of any size gives the same text`() throws {
        let whole = text(40_000, seed: 5)
        let members = buffer(packed(whole[..<10_000]) + packed([]) + packed(whole[10_000...]))
        var generator = SeededGenerator(seed: 6)
        for round in 0..<60 {
            let pieceMax = UInt64(round % 3 == 0 ? 3 : 5000)
            let limit = round % 2 == 0 ? 1 << 20 : 1 + Int(generator.next() % 3000)
            var inflater = Inflater()
            var output = ByteBuffer()
            var place = 0
            while place < members.count {
                let end = min(members.count, place + Int(generator.next() % pieceMax) + 1)
                let before = output.count
                place += try inflater.inflate(members, place..<end, into: &output, limit: limit)
                #expect(output.count - before <= limit)
                if place < end { #expect(output.count - before == limit) }
            }
            while true {
                let before = output.count
                _ = try inflater.inflate(members, place..<place, into: &output, limit: limit)
                if output.count == before { break }
            }
            try inflater.finish()
            let isSame = bytes(output) == whole
            #expect(isSame, "round \(round)")
        }
    }

    @Test func `a stream that stops inside a member is not finished`() throws {
        let member = buffer(packed("one".utf8))
        var inflater = Inflater()
        var output = ByteBuffer()
        _ = try inflater.inflate(member, 0..<member.count - 1, into: &output, limit: 100)
        var caught: GzipError?
        do throws(GzipError) { try inflater.finish() } catch { caught = error }
        #expect(caught == .truncated)
        _ = try inflater.inflate(member, member.count - 1..<member.count, into: &output, limit: 100)
        try inflater.finish()
        #expect(output.text == "one")
    }
}
