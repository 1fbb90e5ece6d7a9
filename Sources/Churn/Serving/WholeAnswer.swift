import Bytes
import Gzip
import HTTP
import Server

/// A 200 whose body is there, packed where that is welcome and worth it.
struct WholeAnswer {
    /// Bodies below this are not worth packing: they fit into one packet anyway.
    static let gzipBytesMin = 1024

    let type: MediaType
    let takesGzip: Bool
    /// Where the next page is, which leaves as a Link field (RFC 8288).
    var next: String?
    var varies: StaticString = "Accept-Encoding"
    /// Whether Vary is said only of a packed answer.
    var variesOnlyPacked = false

    init(_ type: MediaType, takesGzip: Bool) {
        self.type = type
        self.takesGzip = takesGzip
    }

    /// Appends the whole answer.
    func write(
        _ body: borrowing ByteBuffer, _ ticket: Ticket, _ date: DateCache, into answer: inout ByteBuffer
    ) {
        var encoder = ResponseEncoder(.ok, ticket, date, into: &answer)
        if let next {
            encoder.field("Link", into: &answer) { value in
                value.append(byte: 0x3C)
                value.append(text: next)
                value.append(">; rel=\"next\"")
            }
        }
        let packs = takesGzip && body.count >= Self.gzipBytesMin
        if packs || !variesOnlyPacked { encoder.field("Vary", varies, into: &answer) }
        if packs { encoder.field("Content-Encoding", "gzip", into: &answer) }
        encoder.beginBody(type, into: &answer)
        if packs {
            gzip(body, 0..<body.count, into: &answer, level: 1)
        } else {
            answer.append(body, 0..<body.count)
        }
        encoder.end(isHead: ticket.isHead, into: &answer)
    }
}
