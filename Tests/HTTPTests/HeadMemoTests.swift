import Bytes
import HTTP
import TestSupport
import Testing

/// A head that was read before is found again with all that was found in it, and no other head is taken for it.
@Suite struct HeadMemoTests {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `what is found is what the parser finds, and one other octet is another head`(seed: UInt64) {
        var generator = StreamGenerator(seed: seed)
        var memo = HeadMemo()
        var known = 0
        for round in 0..<2_000 {
            let stream = generator.next()
            var scan = HeadScan()
            guard let head = try? RequestParser().parse(stream.span, from: 0, scan: &scan) else { continue }
            // Random requests are short, so some of them come again by themselves.
            if memo.head(stream.span, from: 0) == nil { memo.keep(head, of: stream.span) }
            let offset = Int.random(in: 0...20, using: &generator.random)
            let moved = [UInt8](repeating: 0x0D, count: offset) + stream
            let found = memo.head(moved.span, from: offset).map(Findings.init)
            #expect(found == parse(moved, from: offset), "seed \(seed), round \(round)")
            var other = moved
            other[offset + Int.random(in: 0..<head.count, using: &generator.random)] ^= 0x20
            if let wrong = memo.head(other.span, from: offset).map(Findings.init) {
                #expect(wrong == parse(other, from: offset), "seed \(seed), round \(round)")
            }
            known += 1
        }
        #expect(known > 500)
    }

    private func parse(_ bytes: [UInt8], from start: Int) -> Findings? {
        var scan = HeadScan()
        return try? RequestParser().parse(bytes.span, from: start, scan: &scan).map(Findings.init)
    }

    @Test func `part of a head is no head`() throws {
        let text = octets("GET /a HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n")
        var memo = HeadMemo()
        var scan = HeadScan()
        memo.keep(try #require(try RequestParser().parse(text.span, from: 0, scan: &scan)), of: text.span)
        for count in 0..<text.count { #expect(memo.head(text.span.extracting(first: count), from: 0) == nil) }
        for start in 1...text.count { #expect(memo.head(text.span, from: start) == nil) }
        #expect(memo.head(text.span, from: 0) != nil)
    }

    @Test func `a few heads are kept, the last ones, and no long one`() throws {
        var memo = HeadMemo()
        func head(_ number: Int, filling: Int = 0) -> [UInt8] {
            octets("GET /\(number) HTTP/1.1\r\nHost: a\r\nX: \(filler(filling))\r\n\r\n")
        }
        for number in 0..<20 {
            var scan = HeadScan()
            let text = head(number)
            memo.keep(try #require(try RequestParser().parse(text.span, from: 0, scan: &scan)), of: text.span)
        }
        for number in 0..<20 {
            let isKnown = memo.head(head(number).span, from: 0) != nil
            #expect(isKnown == (number >= 20 - HeadMemo.places), "head \(number)")
        }
        let long = head(7, filling: HeadMemo.bytesMax)
        var scan = HeadScan()
        memo.keep(try #require(try RequestParser().parse(long.span, from: 0, scan: &scan)), of: long.span)
        #expect(memo.head(long.span, from: 0) == nil)
        #expect(memo.head(head(19).span, from: 0) != nil)
    }
}

/// All that a head says.
private struct Findings: Equatable {
    let method: Method
    let minorVersion: UInt8
    let keepsAlive: Bool
    let framing: BodyFraming
    let expectsContinue: Bool
    let ranges: [Range<Int>]
    let fields: [Range<Int>?]

    init(_ head: RequestHead) {
        method = head.method
        minorVersion = head.minorVersion
        keepsAlive = head.keepsAlive
        framing = head.framing
        expectsContinue = head.expectsContinue
        ranges = [head.start..<head.bodyStart, head.target, head.path, head.query]
        fields = KeptField.allCases.map { head[$0] }
    }
}
