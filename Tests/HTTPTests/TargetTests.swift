import Bytes
import HTTP
import TestSupport
import Testing

@Suite struct TargetTests {
    private func decoded(_ text: String, plusIsSpace: Bool = false) throws(TextError) -> String {
        let bytes = octets(text)
        var output = ByteBuffer()
        output.append("before")
        let range = try output.append(decoding: bytes.span, 0..<bytes.count, plusIsSpace: plusIsSpace)
        #expect(range == 6..<output.count)
        return output.text(range)
    }

    @Test func `decoding percent-escapes`() throws {
        #expect(try decoded("") == "")
        #expect(try decoded("C-17") == "C-17")
        #expect(try decoded("%41%c3%A9b%2F%25") == "Aéb/%")
        #expect(try decoded("a+b%2B") == "a+b+")
        #expect(try decoded("a+b%2B", plusIsSpace: true) == "a b+")
        #expect(try decoded("%2541") == "%41")
    }

    @Test func `text that is none`() {
        for text in ["%", "%4", "a%", "%4g", "%g4", "%%41"] {
            #expect(throws: TextError.malformedEscape) { try decoded(text) }
        }
        for text in ["%ff", "%c3", "%c0%af", "%ed%a0%80", "a%80", "%f4%90%80%80"] {
            #expect(throws: TextError.notUTF8) { try decoded(text) }
        }
        #expect(throws: TextError.containsNUL) { try decoded("a%00") }
    }

    @Test func `a buffer is as before when decoding fails`() {
        let bytes = octets("abc%ff")
        var output = ByteBuffer()
        output.append("before")
        do throws(TextError) {
            _ = try output.append(decoding: bytes.span, 0..<6)
            Issue.record("a lone 0xFF was taken for text")
        } catch {
            #expect(error == .notUTF8)
        }
        #expect(output.text == "before")
    }

    @Test(arguments: 1...4)
    func `every text survives its own encoding`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            var text = ""
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                let length = UInt32.random(in: 1...17, using: &generator)
                let value = UInt32.random(in: 1..<1 << length, using: &generator)
                if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
            }
            var escaped = ByteBuffer()
            for byte in text.utf8 {
                escaped.append(byte: 0x25)
                escaped.append(hexadecimal: byte)
            }
            #expect(Array(try decoded(escaped.text).unicodeScalars) == Array(text.unicodeScalars))
        }
    }

    private func pairs(_ query: String) -> [String] {
        let bytes = octets(query)
        var reader = QueryReader(0..<bytes.count)
        var pairs: [String] = []
        while let (name, value) = reader.next(bytes.span) {
            pairs.append("\(latin1(bytes[name]))=\(latin1(bytes[value]))")
        }
        return pairs
    }

    @Test func `the pairs of a query`() {
        #expect(pairs("") == [])
        #expect(pairs("a=b") == ["a=b"])
        #expect(pairs("a=b&c=d&a=e") == ["a=b", "c=d", "a=e"])
        #expect(pairs("a&b=&=c&&d=e=f&") == ["a=", "b=", "=c", "d=e=f"])
        #expect(pairs("a%26=%3D;x") == ["a%26=%3D;x"])
    }

    private func segments(_ path: String) -> [String] {
        let bytes = octets("x" + path + "/y")
        var reader = PathReader(1..<bytes.count - 2)
        var segments: [String] = []
        while let segment = reader.next(bytes.span) { segments.append(latin1(bytes[segment])) }
        return segments
    }

    @Test func `the segments of a path`() {
        #expect(segments("/") == [""])
        #expect(segments("/predict") == ["predict"])
        #expect(segments("/predict/") == ["predict", ""])
        #expect(segments("/predict/%2F/a") == ["predict", "%2F", "a"])
        #expect(segments("//a") == ["", "a"])
        #expect(segments("/./..") == [".", ".."])
        #expect(segments("*") == [])
    }

    @Test func `comparing octets with words`() {
        let bytes = octets("xAccept-1@")
        let answers = [
            bytes.span.equals(1..<9, "Accept-1"), bytes.span.equals(1..<9, "accept-1"),
            bytes.span.equals(1..<8, "Accept-1"), bytes.span.equalsIgnoringCase(1..<9, "accept-1"),
            bytes.span.equalsIgnoringCase(1..<8, "accept-1"),
            // Letters fold, a hyphen does not, though a carriage return differs from it by the same bit.
            octets("Accept\r1").span.equalsIgnoringCase(0..<8, "accept-1"),
        ]
        #expect(answers == [true, false, false, true, false, false])
    }
}
