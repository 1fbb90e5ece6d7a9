import Bytes
import TestSupport
import Testing

/// The text that `write` leaves in an empty buffer.
private func text(_ write: (inout ByteBuffer) -> Void) -> String {
    var buffer = ByteBuffer()
    write(&buffer)
    return buffer.text
}

@Suite struct ByteBufferTests {
    @Test func `integers print as Swift prints them`() {
        for value in [0, 1, 9, 10, 99, 100, 12_345, -1, -10, .max, .min] {
            #expect(text { $0.append(decimal: value) } == "\(value)")
        }
        #expect(text { $0.append(decimal: 7, width: 3) } == "007")
    }

    @Test func `doubles print shortest and read back as the same value`() {
        #expect(text { $0.append(shortest: 42) } == "42")
        #expect(text { $0.append(shortest: -0.0) } == "-0")
        #expect(text { $0.append(shortest: 0.1) } == "0.1")
        #expect(text { $0.append(shortest: 1.25) } == "1.25")
        #expect(text { $0.append(shortest: -1.005) } == "-1.005")
        #expect(text { $0.append(shortest: .leastNonzeroMagnitude) } == "5e-324")
        #expect(text { $0.append(shortest: 9_007_199_254_740_992) } == "9007199254740992")
        #expect(text { $0.append(shortest: .greatestFiniteMagnitude) } == "1.7976931348623157e+308")
        var generator = SeededGenerator(seed: 1)
        for round in 0..<200_000 {
            let bits = generator.next()
            let value =
                round % 2 == 0 ? Double(bitPattern: bits) : Double(bits % 10_000_000_000_000_000) / 1000
            guard value.isFinite else { continue }
            let printed = text { $0.append(shortest: value) }
            // Swift prints with another algorithm (SwiftDtoa); it writes "42.0" where JSON needs "42".
            let expected = "\(value)"
            let isWhole = expected.hasSuffix(".0")
            #expect(printed == (isWhole ? String(expected.dropLast(2)) : expected))
        }
    }

    @Test func `a UUID prints and reads back`() {
        let value: UInt128 = 0x0192_9b1e_7f00_7abc_8def_0123_4567_89ab
        let printed = text { $0.append(uuid: value) }
        #expect(printed == "01929b1e-7f00-7abc-8def-0123456789ab")
        #expect(parseUUID(Array(printed.utf8).span) == value)
        #expect(parseUUID(Array(printed.uppercased().utf8).span) == value)
        #expect(parseUUID(Array("01929b1e7f00-7abc-8def-0123456789ab-".utf8).span) == nil)
    }

    @Test func `dropping, moving and copying keep the right bytes`() {
        var buffer = ByteBuffer(capacity: 0)
        buffer.append("0123456789")
        buffer.removeFirst(2)
        buffer.move(4..<8, to: 0)
        #expect(text { $0.append(buffer, 0..<buffer.count) } == "67896789")
        buffer.append(copyOf: 0..<2)
        buffer.append(bigEndian: 0x3031 as UInt16)
        #expect(text { $0.append(buffer, 0..<buffer.count) } == "678967896701")
    }
}

@Suite struct CivilTimeTests {
    private func parsed(_ text: String) -> CivilTime? { CivilTime(rfc3339: Array(text.utf8).span) }

    @Test func `every day of four centuries round-trips`() {
        for days in -80_000..<80_000 {
            let time = CivilTime(daysSince1970: days)
            #expect(time.isValid && time.daysSince1970 == days)
        }
    }

    @Test func `RFC 3339 texts read and print`() {
        let time = parsed("2026-11-22T03:00:07.1234569+03:00")
        #expect(time.map { time in text { $0.append(time: time) } } == "2026-11-22T00:00:07.123456Z")
        #expect(parsed("1969-12-31 23:59:59")?.microsecondsSince1970 == -1_000_000)
        #expect(parsed("1997-01-01") == CivilTime(year: 1997, month: 1, day: 1))
        #expect(parsed("2026-11-22")?.weekday == 0)
        for bad in ["", "1997-13-01", "1997-02-29", "1997-01-01T", "1997-01-01T10:00:00.", "1997-01-01T24:00"] {
            #expect(parsed(bad) == nil)
        }
    }
}
