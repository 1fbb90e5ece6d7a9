import Bytes
import HTTP
import Server

/// `OPTIONS *`, which asks about the server and not about a resource (RFC 9110 §9.3.7): a ping of HTTP itself.
enum ServerOptions {
    /// The methods that have a meaning somewhere here.
    private static let methods: MethodSet = [.get, .head, .post, .options]

    /// The parser lets `*` pass with OPTIONS only (RFC 9112 §3.2.4).
    static func areAsked(_ head: RequestHead, _ bytes: borrowing ByteBuffer) -> Bool {
        head.method == .options && bytes.span.equals(head.path, "*")
    }

    /// 200 without content, open to everybody.
    static func write(_ ticket: Ticket, _ date: DateCache, into answer: inout ByteBuffer) {
        var encoder = ResponseEncoder(.ok, closes: ticket.closes, date: date, into: &answer)
        encoder.allow(methods, into: &answer)
        encoder.endWithoutBody(into: &answer)
    }
}
