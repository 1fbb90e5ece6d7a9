import Bytes
import HTTP

/// One side of a connection as the server reads it: requests one after another, heads and bodies, until something ends it.
///
/// Octets come in by `receive`, in pieces of any size.
struct Conversation: ~Copyable {
    /// One complete request.
    struct Request: Equatable, CustomStringConvertible {
        var method: String
        var target: String
        var path: String
        var query: String
        var body: [UInt8]
        var keepsAlive: Bool

        var description: String {
            "\(method) \(target) [\(path)?\(query)] \(latin1(body)) \(keepsAlive ? "stay" : "close")"
        }
    }

    enum End: Equatable {
        /// All octets belong to complete requests, and more may follow.
        case idle

        /// A request has begun and is not complete.
        case incomplete

        /// The last request was the last of the connection.
        case closed
        case refused(RequestRule)
    }

    private let parser: RequestParser
    private var buffer = ByteBuffer()
    private var scan = HeadScan()
    private var head: RequestHead?
    private var decoder: ChunkedDecoder?

    private(set) var requests: [Request] = []
    private(set) var end = End.idle

    init(limits: Limits = Limits()) { parser = RequestParser(limits: limits) }

    mutating func receive(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { buffer.append(byte: byte) }
        do {
            while end == .idle || end == .incomplete {
                guard try advance() else { return }
            }
        } catch {
            end = .refused(error.rule)
        }
    }

    /// Takes one more step; false where octets are missing for it.
    private mutating func advance() throws(RequestError) -> Bool {
        guard let head else {
            self.head = try parser.parse(buffer, from: 0, scan: &scan)
            end = scan.hasBegun ? .incomplete : .idle
            return self.head != nil
        }
        switch head.framing {
        case .none: finish(head, body: head.bodyStart..<head.bodyStart, next: head.bodyStart)
        case .length(let length):
            guard buffer.count >= head.bodyStart + length else { return false }
            finish(head, body: head.bodyStart..<head.bodyStart + length, next: head.bodyStart + length)
        case .chunked:
            var decoder = self.decoder ?? ChunkedDecoder(limits: parser.limits)
            let next = try decoder.decode(&buffer, from: head.bodyStart)
            self.decoder = decoder
            guard let next else { return false }
            finish(head, body: head.bodyStart..<head.bodyStart + decoder.bodyCount, next: next)
        }
        return true
    }

    private mutating func finish(_ head: RequestHead, body: Range<Int>, next: Int) {
        requests.append(
            Request(
                method: "\(head.method.name)", target: buffer.text(head.target), path: buffer.text(head.path),
                query: buffer.text(head.query), body: body.map { buffer[$0] }, keepsAlive: head.keepsAlive))
        buffer.removeFirst(next)
        scan = HeadScan()
        self.head = nil
        decoder = nil
        end = head.keepsAlive ? .idle : .closed
    }
}

/// What a whole stream came to.
struct Transcript: Equatable {
    var requests: [Conversation.Request]
    var end: Conversation.End

    /// Reads `stream` cut at `cuts`, which rise.
    init(_ stream: [UInt8], cuts: [Int] = [], limits: Limits = Limits()) {
        var conversation = Conversation(limits: limits)
        var start = 0
        for cut in cuts + [stream.count] {
            conversation.receive(stream[start..<cut])
            start = cut
        }
        requests = conversation.requests
        end = conversation.end
    }

    /// Reads `stream` octet by octet.
    init(octetByOctet stream: [UInt8], limits: Limits = Limits()) {
        self.init(stream, cuts: Array(0..<stream.count), limits: limits)
    }
}
