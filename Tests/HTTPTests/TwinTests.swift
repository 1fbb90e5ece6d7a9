import HTTP
import TestSupport
import Testing

/// Random streams, read by the parser and by its naive twin, which must agree in everything they say.
@Suite struct TwinTests {
    /// Small enough that random streams reach them.
    private var limits: Limits {
        var limits = Limits()
        limits.requestLineBytes = 60
        limits.headBytes = 180
        limits.fields = 4
        limits.bodyBytes = 40
        limits.chunkExtensionBytes = 24
        limits.trailerBytes = 24
        return limits
    }

    @Test(arguments: 1...8)
    func `the parser and its twin agree`(seed: UInt64) {
        var generator = StreamGenerator(seed: seed)
        var endings: [Int: Int] = [:]
        for round in 0..<1_000 {
            let stream = generator.next()
            let twin = NaiveReader(stream, limits: limits)
            let cut = Int.random(in: 0...stream.count, using: &generator.random)
            let result = Transcript(stream, cuts: [cut], limits: limits)
            guard result.requests == twin.requests, NaiveEnd(result.end) == twin.end else {
                Issue.record(
                    """
                    seed \(seed), round \(round), cut at \(cut): \(latin1(stream).debugDescription)
                    parser: \(result)
                    twin: \(twin.requests) \(twin.end)
                    """)
                return
            }
            if case .refused(let status) = twin.end { endings[status, default: 0] += 1 }
            if twin.end != .incomplete { endings[twin.requests.count, default: 0] += 1 }
        }
        // The streams are worth their time only if they reach good requests and every kind of refusal.
        for ending in [0, 1, 2, 400, 413, 414, 417, 431, 501, 505] {
            #expect(endings[ending, default: 0] > 0, "\(ending)")
        }
    }
}

/// Makes streams out of pieces of requests, most of them good ones, and damages some.
struct StreamGenerator {
    var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func next() -> [UInt8] {
        var stream: [UInt8] = []
        for _ in 0..<Int.random(in: 1...3, using: &random) { stream += octets(request()) }
        for _ in 0..<max(0, Int.random(in: -2...3, using: &random)) { damage(&stream) }
        return stream
    }

    private mutating func pick(_ choices: [String], usually first: String) -> String {
        Int.random(in: 0..<8, using: &random) > 0 ? first : choices.randomElement(using: &random) ?? first
    }

    private mutating func request() -> String {
        let method = pick(["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get", ""], usually: "POST")
        let target = pick(Self.targets, usually: "/a?b")
        let version = pick(["HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "http/1.1", "HTTP/1.1 "], usually: "HTTP/1.1")
        var text = pick(["\r\n", "\r\n\r\n", "\n"], usually: "") + "\(method) \(target) \(version)\r\n"
        text += pick(Self.hosts, usually: "Host: a\r\n")
        for _ in 0..<Int.random(in: 0...2, using: &random) { text += Self.fields.randomElement(using: &random) ?? "" }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return text + "\r\n"
        case 1: return text + pick(Self.lengths, usually: "Content-Length: 5\r\n") + "\r\nhello"
        default: return text + pick(Self.codings, usually: "Transfer-Encoding: chunked\r\n") + "\r\n" + chunks()
        }
    }

    private mutating func chunks() -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            text += pick(["5", "005", "4", "Ff", "29", "00000000000000000005"], usually: "5")
            text += pick(Self.extensions, usually: "") + "\r\nhello\r\n"
        }
        return text + "0" + pick(Self.extensions, usually: "") + "\r\n" + pick(Self.trailers, usually: "") + "\r\n"
    }

    private mutating func damage(_ stream: inout [UInt8]) {
        guard !stream.isEmpty else { return }
        let offset = Int.random(in: 0..<stream.count, using: &random)
        let end = min(stream.count, offset + Int.random(in: 1...12, using: &random))
        let byte = Self.octetsOfInterest.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<6, using: &random) {
        case 0: stream[offset] = byte
        case 1: stream.insert(byte, at: offset)
        case 2: stream.remove(at: offset)
        case 3: stream.insert(contentsOf: stream[offset..<end], at: Int.random(in: 0...stream.count, using: &random))
        case 4: stream.removeSubrange(offset..<end)
        default: stream.removeLast(stream.count - offset)
        }
    }

    private static let octetsOfInterest = octets("\0\t\n\r \"%*+,-./059:;=?@AFZ[\\]_afgz{}~\u{7F}\u{80}\u{FF}")

    private static let targets = [
        "/", "*", "/%41", "/%4", "//?[]", "http://a", "https://[::1]:8/x?y", "HTTP://u@h/", "http://a:b/", "http://?x",
        "/#", "ftp://a/", "/\(filler(60))", "a:1", "/?\(filler(40))",
    ]

    private static let hosts = [
        "", "host:\r\n", "Host: [::ffff:1.2.3.4]:1\r\n", "Host: [1:2:3:4:5:6:7::]\r\n", "Host: [1::2::3]\r\n",
        "Host: [v1.a:b]\r\n", "Host: %41b:\r\n", "Host: a:b\r\n", "Host: a b\r\n", "Host: a\r\nHOST: a\r\n",
    ]

    private static let fields = [
        "Connection: close\r\n", "Connection: keep-alive, Close\r\n", "Expect: 100-Continue\r\n", "Expect: x\r\n",
        "Accept: \"a,b\", c\r\n", "Content-Type: a/b\r\n", "X-Y_Z:\t\u{E9} \r\n", "a:\r\n", "B : c\r\n", " d: e\r\n",
        "f\r\n",
        "If-None-Match: \"\(filler(70))\"\r\n", "X-Request-ID: 7\r\n", "Idempotency-Key: k\r\n",
        "Content-Length: 5\r\n",
    ]

    private static let lengths = [
        "Content-Length: +5\r\n", "Content-Length: 05\r\n", "Content-Length: 4\r\n", "Content-Length: 41\r\n",
        "Content-Length: 99999999999999999999\r\n", "Content-Length:\r\n", "Content-Length: 5, 5\r\n",
    ]

    private static let codings = [
        "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: chunked, chunked\r\n", "Transfer-Encoding: x\r\n",
        "Transfer-Encoding: ,CHUNKED\r\n", "Transfer-Encoding: a;b=\"c,d\", chunked\r\n", "Transfer-Encoding:\r\n",
    ]

    private static let extensions = [
        ";a", " ; a", ";a=b", ";a = \"b;\\\"\" ;c", ";a=\"\\\u{E9}\"", " ", ";", ";a=", ";a ", ";\(filler(30))",
        ";a=\"b\"c",
    ]

    private static let trailers = [
        "a: b\r\n", "a:\r\nb:c\r\n", " a: b\r\n", "a : b\r\n", "a\r\n", "a: \(filler(30))\r\n", "\n",
    ]
}
