import Bytes
import JSON
import TestSupport
import Testing

@Suite struct JSONStringTests {
    private static let decoded: [(String, String)] = [
        (#""""#, ""), (#""plain""#, "plain"), (#""\u0061\"\\\/""#, "a\"\\/"), (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"),
        (#""\u00e9é\u20AC€""#, "éé€€"), (#""\uD83D\uDE00\uDBFF\uDFFF""#, "😀\u{10FFFF}"), (#""\u0000""#, "\0"),
        (#""\ud800\udc00x""#, "\u{10000}x"),
    ]

    @Test(arguments: decoded) func `a string is decoded and compared`(text: String, meaning: String) throws {
        let bytes = Array(text.utf8)
        let meant = Array(meaning.utf8)
        var reader = JSONReader(bytes.span)
        let string = try reader.readString()
        try reader.finish()
        var buffer = ByteBuffer()
        reader.decode(string, into: &buffer)
        #expect(buffer.text == meaning)
        #expect(string.isEscaped == text.contains("\\"))
        let isItself = reader.equals(string, meant)
        #expect(isItself)
        var others = meant.indices.map { Array(meant[..<$0]) }
        others.append(meant + [0x61])
        for index in meant.indices {
            others.append(meant)
            others[others.count - 1][index] ^= 1
        }
        for other in others {
            let isAnother = reader.equals(string, other)
            #expect(!isAnother)
        }
    }

    @Test func `a byte that needs a look is seen at every place`() {
        for byte in UInt8.min...UInt8.max {
            for place in 0..<20 {
                var text = [0x22] + [UInt8](repeating: 0x78, count: 20) + [0x22]
                text[place + 1] = byte
                let expected: JSONError? =
                    switch byte {
                    case 0..<0x20: JSONError(.controlCharacter, at: place + 1)
                    case 0x22: JSONError(.trailingBytes, at: place + 2)
                    case 0x5C where place == 19: JSONError(.unexpectedEnd, at: 22)
                    case 0x5C: JSONError(.invalidEscape, at: place + 1)
                    case 0x80...: JSONError(.invalidUTF8, at: place + 1)
                    default: nil
                    }
                #expect(failureOfSkipping(text) == expected, "byte \(byte) at \(place)")
            }
        }
    }

    @Test func `exactly the well-formed UTF-8 sequences are accepted`() {
        var generator = SeededGenerator(seed: 20)
        for round in 0..<200_000 {
            // Bytes near the limits of table 3-7, so that about half of the sequences are well-formed.
            let edges: [UInt8] = [0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0]
            let leads: [UInt8] = [0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF, 0xC2]
            var bytes: [UInt8] = round % 2 == 0 ? [leads[Int(generator.next() % 13)]] : []
            for _ in 0..<generator.next() % 4 { bytes.append(edges[Int(generator.next() % 13)]) }
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            let error = failure([0x22] + bytes + [0x22])
            #expect(isValid ? error == nil : error?.kind == .invalidUTF8, "\(bytes)")
        }
    }

    @Test func `every scalar is written and read back`() throws {
        var all = String.UnicodeScalarView()
        for value in UInt32(0)...0x10FFFF { Unicode.Scalar(value).map { all.append($0) } }
        let text = String(all)
        var buffer = ByteBuffer()
        buffer.append(jsonString: text)
        let value = try JSONValue(parsing: buffer.span)
        #expect(value.string.map { $0.utf8.elementsEqual(text.utf8) } == true)
    }

    @Test func `only what must be is escaped`() {
        var buffer = ByteBuffer()
        buffer.append(jsonString: "a\"b\\c/\u{8}\t\n\u{C}\r\u{0}\u{1F}\u{7F}\u{2028}é😀")
        #expect(buffer.text == #""a\"b\\c/\b\t\n\f\r\u0000\u001f"# + "\u{7F}\u{2028}é😀\"")
    }

    @Test func `bytes that are not UTF-8 are written as replacement characters`() {
        var buffer = ByteBuffer()
        buffer.append(jsonString: [0x61, 0xFF, 0xC3, 0x62, 0xED, 0xA0, 0x80, 0xE2, 0x82].span)
        #expect(buffer.text == "\"a\u{FFFD}\u{FFFD}b\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\"")
        #expect(failure(buffer.text) == nil)
    }
}
