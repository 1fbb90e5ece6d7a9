import Bytes
import JSON
import Testing

@Suite struct JSONReaderTests {
    private static let valid = [
        "null", " true ", "false\n", "0", "-0", "10", "1.5", "-1e5", "1E+05", "1e-7", "0.0e0", "\"\"", "\"é€😀\"",
        #""\"\\\/\b\f\n\r\t\u0041\u0000\uD83D\uDE00\uFFFF""#, "[]", "{}", "[ ]", "{ }", "[[],{}]", "[1,2 , 3]",
        #"{"a":1,"b":[true,null,{"c":"d"}],"":{}}"#, "\t\r\n {\t\"a\"\r:\n[ 1 ]}\n", "\"\u{7F}\"",
    ]

    @Test(arguments: valid) func `a valid text is accepted`(text: String) {
        #expect(failure(text) == nil)
        #expect(failureOfSkipping(text.utf8) == nil)
    }

    @Test(arguments: valid) func `no prefix of a valid text is accepted, but whole numbers`(text: String) {
        let bytes = Array(text.utf8)
        let isNumber = bytes[0] == 0x2D || (0x30...0x39).contains(bytes[0])
        let isSpacedWord = text.hasSuffix(" ") || text.hasSuffix("\n")
        for length in 0..<bytes.count {
            let prefix = bytes[..<length]
            let error = failure(prefix)
            #expect(error == failureOfSkipping(prefix))
            if let error {
                #expect(error.kind == .unexpectedEnd || error.kind == .invalidUTF8, "\(length) bytes")
            } else {
                #expect(isNumber || isSpacedWord && length == bytes.count - 1, "\(length) bytes")
            }
        }
    }

    @Test(arguments: valid) func `a text is read between its bounds only`(text: String) throws {
        for (before, after) in [("[", "]"), ("1", "1"), ("\"", "\""), ("}", "{")] {
            let bytes = Array((before + text + after).utf8)
            var reader = JSONReader(bytes.span, from: 1, to: bytes.count - 1)
            let value = try reader.readValue()
            try reader.finish()
            #expect(try value == JSONValue(parsing: Array(text.utf8).span))
            #expect(reader.offset == bytes.count - 1)
        }
    }

    @Test(
        arguments: [
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("nul", .unexpectedEnd, 3),
            ("nulL", .unexpectedByte, 3),
            ("nullx", .trailingBytes, 4), ("True", .unexpectedByte, 0), ("NaN", .unexpectedByte, 0),
            ("Infinity", .unexpectedByte, 0), ("-Infinity", .invalidNumber, 1), ("+1", .unexpectedByte, 0),
            (".5", .unexpectedByte, 0), ("01", .invalidNumber, 1), ("-01", .invalidNumber, 2),
            ("1.", .unexpectedEnd, 2),
            ("1.e5", .invalidNumber, 2), ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3),
            ("-", .unexpectedEnd, 1),
            ("1eE2", .invalidNumber, 2), ("0x10", .trailingBytes, 1), ("1 2", .trailingBytes, 2),
            ("1e309", .numberOutOfRange, 0), ("[-1e400]", .numberOutOfRange, 1),
            ("1e99999999999", .numberOutOfRange, 0),
            ("[1,]", .unexpectedByte, 3), ("[,1]", .unexpectedByte, 1), ("[1 2]", .unexpectedByte, 3),
            ("[1}", .unexpectedByte, 2), ("[", .unexpectedEnd, 1), ("]", .unexpectedByte, 0),
            ("[]]", .trailingBytes, 2),
            ("{,}", .unexpectedByte, 1), (#"{"a"}"#, .unexpectedByte, 4), (#"{"a":}"#, .unexpectedByte, 5),
            (#"{"a":1,}"#, .unexpectedByte, 7), ("{1:2}", .unexpectedByte, 1), (#"{"a" 1}"#, .unexpectedByte, 5),
            (#"{"a":1]"#, .unexpectedByte, 6), (#"{"a":1 "b":2}"#, .unexpectedByte, 7), ("{'a':1}", .unexpectedByte, 1),
            ("\"a\u{1}\"", .controlCharacter, 2), ("\"\n\"", .controlCharacter, 1), (#""\x""#, .invalidEscape, 1),
            (#""\u12g4""#, .invalidEscape, 1), (#""\uD800""#, .loneSurrogate, 1), (#""\uDC00""#, .loneSurrogate, 1),
            (#""\uD800\n""#, .loneSurrogate, 1), (#""\uD800\uD800""#, .loneSurrogate, 1),
            (#""\uDC00\uDC00""#, .loneSurrogate, 1), ("\"a", .unexpectedEnd, 2),
            (#""\u12"#, .unexpectedEnd, 5), (#""\uD800\u"#, .unexpectedEnd, 9), ("\u{FEFF}1", .unexpectedByte, 0),
            ("/**/1", .unexpectedByte, 0), ("1//", .trailingBytes, 1), ("\u{C}1", .unexpectedByte, 0),
        ] as [(String, JSONError.Kind, Int)])
    func `an invalid text is refused where it goes wrong`(text: String, kind: JSONError.Kind, offset: Int) {
        #expect(failure(text) == JSONError(kind, at: offset))
        #expect(failureOfSkipping(text.utf8) == JSONError(kind, at: offset))
    }

    @Test func `a value of another type is told from a broken one`() {
        #expect(
            read("\"1\"") { reader throws(JSONError) in try reader.readNumber() }
                == .failure(JSONError(.unexpectedType, at: 0)))
        #expect(
            read(" 1") { reader throws(JSONError) in try reader.readString().range }
                == .failure(JSONError(.unexpectedType, at: 1)))
        #expect(
            read("null") { reader throws(JSONError) in try reader.readBoolean() }
                == .failure(JSONError(.unexpectedType, at: 0)))
        #expect(
            read("[]") { reader throws(JSONError) in try reader.nextAsObject() }
                == .failure(JSONError(.unexpectedType, at: 0)))
        #expect(
            read("?") { reader throws(JSONError) in try reader.readNumber() }
                == .failure(JSONError(.unexpectedByte, at: 0)))
    }

    @Test func `nesting ends at its limit`() {
        let deepest = JSONReader.depthMax
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(failure(nested(deepest)) == nil)
        #expect(failureOfSkipping(nested(deepest).utf8) == nil)
        #expect(failure(nested(deepest + 1)) == JSONError(.tooDeep, at: deepest))
        #expect(failureOfSkipping(nested(100_000).utf8) == JSONError(.tooDeep, at: deepest))
        #expect(failure(String(repeating: "{\"a\":", count: 100_000)) == JSONError(.tooDeep, at: 5 * deepest))
        #expect(failureOfSkipping("[\(nested(9)),\(String(repeating: "[],", count: 99))0]".utf8) == nil)
    }

    @Test func `an object is walked key by key, and unknown members are skipped`() throws {
        let bytes = Array(#" {"b":[{"a":[1,{}]},"]"], "\u0061" : 2.5 ,"c":{"d":{}},"e":"x"} "#.utf8)
        var reader = JSONReader(bytes.span)
        var found: [String] = []
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if reader.equals(key, "a") {
                found.append("a \(try reader.readNumber())")
            } else if reader.equals(key, "e") {
                found.append("e \(reader.text(of: try reader.readString()))")
            } else {
                let kind = try reader.peek()
                #expect(kind == (found.isEmpty ? .array : .object))
                try reader.skipValue()
            }
        }
        try reader.finish()
        #expect(found == ["a 2.5", "e x"])
    }

    @Test func `an expected key is taken as it is spelled, and else is left where it stands`() throws {
        var spelling = ByteBuffer()
        spelling.append("#\"a\":")
        let bytes = Array(#"{ "a":1, "a" :2, "\u0061":3, "ab":4, "a":"#.utf8)
        var reader = JSONReader(bytes.span)
        var taken: [Bool] = []
        try reader.beginObject()
        for value in 1...4 {
            #expect(try reader.nextMember())
            taken.append(reader.takeKey(spelled: spelling, 1..<5))
            if !taken[value - 1] {
                let key = try reader.readKey()
                #expect(reader.equals(key, "a") == (value < 4))
            }
            #expect(try reader.readInteger() == value)
        }
        #expect(taken == [true, false, false, false])
        // The text ends with the key, and in the middle of it.
        #expect(try reader.nextMember() && reader.takeKey(spelled: spelling, 1..<5))
        var cut = JSONReader(bytes.span, from: 2, to: 5)
        #expect(!cut.takeKey(spelled: spelling, 1..<5) && cut.offset == 2)
    }

    @Test func `after peek the offset is that of the value`() throws {
        let bytes = Array("[ 1,\n  \"two\"]".utf8)
        var reader = JSONReader(bytes.span)
        var offsets: [Int] = []
        try reader.beginArray()
        while try reader.nextElement() {
            _ = try reader.peek()
            offsets.append(reader.offset)
            try reader.skipValue()
        }
        #expect(offsets == [2, 7])
    }

    @Test func `errors name the rule and the place, not the text`() {
        #expect(failure(#"{"secret":tru3}"#).map { "\($0)" } == "unexpected byte at byte 13")
    }
}

extension JSONReader {
    fileprivate mutating func nextAsObject() throws(JSONError) -> Bool {
        try beginObject()
        return try nextKey() == nil
    }
}
