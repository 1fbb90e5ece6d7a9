import HTTP

/// A second reading of the same rules, written for plainness alone: whole streams, arrays, no states and no offsets.
///
/// It shares nothing with the parser but the names of the outcomes.
struct NaiveReader {
    private let stream: [UInt8]
    private let limits: Limits
    private var rest: ArraySlice<UInt8>
    private var requestStart = 0
    private(set) var requests: [Conversation.Request] = []
    private(set) var end = NaiveEnd.idle

    init(_ stream: [UInt8], limits: Limits) {
        self.stream = stream
        self.limits = limits
        rest = stream[...]
        do throws(NaiveStop) {
            while try readRequest() {}
        } catch {
            end = error.end
        }
    }

    /// Reads one request; false where there is none, or none may follow.
    private mutating func readRequest() throws(NaiveStop) -> Bool {
        var blankLines = 0
        requestStart = rest.startIndex
        while let line = try readLine(limit: limits.requestLineBytes + 2, status: 414, mayEnd: true) {
            if !line.isEmpty { return try readRequest(line) }
            blankLines += 1
            requestStart = rest.startIndex
            if blankLines > limits.leadingBlankLines { throw .refused(400) }
        }
        return false
    }

    private mutating func readRequest(_ requestLine: [UInt8]) throws(NaiveStop) -> Bool {
        var left = limits.headBytes - requestLine.count - 2
        var lines: [[UInt8]] = []
        while let line = try readLine(limit: left, status: 431, mayEnd: false), !line.isEmpty {
            left -= line.count + 2
            lines.append(line)
            if lines.count > limits.fields { throw .refused(431) }
        }
        let first = try NaiveRequestLine(requestLine)
        let fields = try NaiveFields(lines, isOld: first.isOld, limits)
        var body: [UInt8] = []
        if fields.isChunked {
            var chunks = NaiveChunks(rest: rest, limits: limits)
            body = try chunks.read()
            rest = chunks.rest
        } else {
            guard rest.count >= fields.length else { throw .incomplete }
            body = Array(rest.prefix(fields.length))
            rest = rest.dropFirst(fields.length)
        }
        let closes = first.isOld || fields.asksForClose
        requests.append(
            .init(
                method: latin1(first.method), target: latin1(first.target), path: latin1(first.path),
                query: latin1(first.query), body: body, keepsAlive: !closes))
        if closes { end = .closed }
        return !closes
    }

    /// A line without its CRLF, which must end within `limit` octets.
    ///
    /// - Returns: nil where the stream ends in front of it and may.
    private mutating func readLine(limit: Int, status: Int, mayEnd: Bool) throws(NaiveStop) -> [UInt8]? {
        let window = Array(rest.prefix(limit))
        let control = window.firstIndex { !isNaiveText($0) } ?? window.count
        if control < window.count, window[control] != 13 {
            if window[control] == 10, control > 0 { try waitForEndOfHead() }
            throw .refused(400)
        }
        if control + 1 >= window.count {
            if window.count == limit { throw .refused(status) }
            if mayEnd, control == 0 { return nil }
            throw .incomplete
        }
        if window[control + 1] != 10 { throw .refused(400) }
        rest = rest.dropFirst(control + 2)
        return Array(window.prefix(control))
    }

    /// A line has ended in LF alone: the head is refused, but not before its end, a limit or another fault is there.
    private func waitForEndOfHead() throws(NaiveStop) {
        var lines = 0
        var line: [UInt8] = []
        for index in requestStart..<stream.count {
            let byte = stream[index]
            if index - requestStart + 1 == limits.headBytes { return }
            if byte == 10 {
                lines += 1
                if line.isEmpty || line == [13] || lines > limits.fields + 1 { return }
                line = []
            } else {
                if line.last == 13 || (byte != 13 && !isNaiveText(byte)) { return }
                line.append(byte)
            }
        }
        throw .incomplete
    }
}

enum NaiveEnd: Equatable {
    case idle, incomplete, closed, refused(Int)

    init(_ end: Conversation.End) {
        switch end {
        case .idle: self = .idle
        case .incomplete: self = .incomplete
        case .closed: self = .closed
        case .refused(let rule): self = .refused(rule.status.code)
        }
    }
}

enum NaiveStop: Error {
    case incomplete, refused(Int)

    var end: NaiveEnd {
        switch self {
        case .incomplete: .incomplete
        case .refused(let status): .refused(status)
        }
    }
}

let naiveLetters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
let naiveDigits = Set("0123456789".utf8)
let naiveHexadecimal = naiveDigits.union("abcdefABCDEF".utf8)
let naiveToken = naiveLetters.union(naiveDigits).union("!#$%&'*+-.^_`|~".utf8)

func isNaiveText(_ byte: UInt8) -> Bool { byte == 9 || (byte >= 32 && byte != 127) }

func trim(_ text: ArraySlice<UInt8>) -> [UInt8] {
    let inner = text.drop { $0 == 32 || $0 == 9 }
    return Array(inner.reversed().drop { $0 == 32 || $0 == 9 }.reversed())
}

/// The elements of a list without the empty ones; a quoted comma separates nothing.
func elements(_ value: [UInt8]) -> [[UInt8]] {
    var elements: [[UInt8]] = [[]]
    var isQuoted = false
    var isEscaped = false
    for byte in value {
        if byte == 44, !isQuoted {
            elements.append([])
            continue
        }
        elements[elements.count - 1].append(byte)
        if isEscaped {
            isEscaped = false
        } else if byte == 34 {
            isQuoted.toggle()
        } else if byte == 92, isQuoted {
            isEscaped = true
        }
    }
    return elements.map { trim($0[...]) }.filter { !$0.isEmpty }
}
