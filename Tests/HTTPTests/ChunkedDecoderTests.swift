import Bytes
import HTTP
import Testing

/// Where the decoder leaves the octets; what it accepts is in the tables of conversations.
@Suite struct ChunkedDecoderTests {
    private let encoded = octets("5;a=b\r\nhello\r\n7\r\n, world\r\n0\r\nA: b\r\n\r\n")

    @Test func `the body stands at its start and the next request behind the end`() throws {
        var buffer = ByteBuffer()
        buffer.append("head")
        buffer.append(encoded)
        buffer.append("next")
        var decoder = ChunkedDecoder(limits: Limits())
        let next = try #require(try decoder.decode(&buffer, from: 4))
        #expect(buffer.text(0..<4) == "head")
        #expect(buffer.text(4..<4 + decoder.bodyCount) == "hello, world")
        #expect(buffer.text(next..<buffer.count) == "next")
    }

    @Test func `an incomplete body takes no more room than what is decoded of it`() throws {
        for cut in 0..<encoded.count {
            var buffer = ByteBuffer()
            buffer.append("head")
            buffer.append(Array(encoded[..<cut]))
            var decoder = ChunkedDecoder(limits: Limits())
            #expect(try decoder.decode(&buffer, from: 4) == nil)
            #expect(buffer.count == 4 + decoder.bodyCount)
            #expect("hello, world".hasPrefix(buffer.text(4..<buffer.count)))
            buffer.append(Array(encoded[cut...]))
            #expect(try decoder.decode(&buffer, from: 4) == buffer.count)
            #expect(buffer.text(4..<4 + decoder.bodyCount) == "hello, world")
        }
    }

    @Test func `a long body in small chunks`() throws {
        var buffer = ByteBuffer()
        for index in 0..<10_000 { buffer.append(octets("1\r\n\(index % 10)\r\n")) }
        buffer.append("0\r\n\r\n")
        var decoder = ChunkedDecoder(limits: Limits())
        #expect(try decoder.decode(&buffer, from: 0) == buffer.count)
        #expect(decoder.bodyCount == 10_000)
        #expect(buffer.text(0..<10_000) == String(repeating: "0123456789", count: 1_000))
    }
}
