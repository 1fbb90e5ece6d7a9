import HTTP

/// A chunked body, read by recursive descent.
struct NaiveChunks {
    /// How many octets of one kind may still come, and the answer to one more.
    private struct Budget {
        var left: Int
        let status: Int
    }

    private(set) var rest: ArraySlice<UInt8>
    private let limits: Limits
    private var extensions: Budget
    private var trailers: Budget

    init(rest: ArraySlice<UInt8>, limits: Limits) {
        self.rest = rest
        self.limits = limits
        extensions = Budget(left: limits.chunkExtensionBytes, status: 400)
        trailers = Budget(left: limits.trailerBytes, status: 431)
    }

    mutating func read() throws(NaiveStop) -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let size = try readSize(atMost: limits.bodyBytes - body.count)
            while try expectEndOr(13) { try readExtension() }
            try expect(10)
            if size == 0 { break }
            body += rest.prefix(size)
            if rest.count < size { throw .incomplete }
            rest = rest.dropFirst(size)
            try expect(13)
            try expect(10)
        }
        while rest.first != 13 { try readTrailer() }
        try take(\.trailers) { $0 == 13 }
        try take(\.trailers) { $0 == 10 }
        return body
    }

    private mutating func readSize(atMost limit: Int) throws(NaiveStop) -> Int {
        var digits: [UInt8] = []
        while let byte = rest.first, naiveHexadecimal.contains(byte) {
            digits.append(byte)
            rest = rest.dropFirst()
            if digits.count > 16 { throw .refused(400) }
            if (Double("0x" + latin1(digits)) ?? .infinity) > Double(limit) { throw .refused(413) }
        }
        if rest.isEmpty { throw .incomplete }
        guard let size = Int(latin1(digits), radix: 16) else { throw .refused(400) }
        return size
    }

    /// `BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ]`; the CR behind it counts with it.
    private mutating func readExtension() throws(NaiveStop) {
        try skipSpace()
        try take(\.extensions) { $0 == 59 }
        try skipSpace()
        try takeToken()
        let isNameEnd = rest.first == 13
        try skipSpace()
        if rest.first == 61 {
            try take(\.extensions) { $0 == 61 }
            try skipSpace()
            if rest.first == 34 { try takeQuoted() } else { try takeToken() }
        } else if rest.first == 13, !isNameEnd {
            throw .refused(400)
        }
        if rest.first == 13 { try spend(\.extensions) }
    }

    private mutating func readTrailer() throws(NaiveStop) {
        let line = rest
        try take(\.trailers) { naiveToken.contains($0) }
        while rest.first != 58 { try take(\.trailers) { naiveToken.contains($0) } }
        let name = latin1(line.prefix { $0 != 58 }).lowercased()
        if ["content-length", "host", "transfer-encoding"].contains(name) {
            try spend(\.trailers)
            throw .refused(400)
        }
        try take(\.trailers) { $0 == 58 }
        while rest.first != 13 { try take(\.trailers, isNaiveText) }
        try take(\.trailers) { $0 == 13 }
        try take(\.trailers) { $0 == 10 }
    }

    // MARK: Octets

    private mutating func expect(_ byte: UInt8) throws(NaiveStop) {
        if try expectEndOr(byte) { throw .refused(400) }
    }

    /// Takes `byte` if it is next; true where another octet is.
    private mutating func expectEndOr(_ byte: UInt8) throws(NaiveStop) -> Bool {
        guard let first = rest.first else { throw .incomplete }
        if first != byte { return true }
        rest = rest.dropFirst()
        return false
    }

    private mutating func spend(_ budget: WritableKeyPath<Self, Budget>) throws(NaiveStop) {
        self[keyPath: budget].left -= 1
        if self[keyPath: budget].left < 0 { throw .refused(self[keyPath: budget].status) }
    }

    private mutating func take(
        _ budget: WritableKeyPath<Self, Budget>, _ isWanted: (UInt8) -> Bool
    ) throws(NaiveStop) {
        guard let first = rest.first else { throw .incomplete }
        try spend(budget)
        if !isWanted(first) { throw .refused(400) }
        rest = rest.dropFirst()
    }

    private mutating func skipSpace() throws(NaiveStop) {
        while rest.first == 32 || rest.first == 9 { try take(\.extensions) { _ in true } }
    }

    private mutating func takeToken() throws(NaiveStop) {
        try take(\.extensions) { naiveToken.contains($0) }
        while let first = rest.first, naiveToken.contains(first) { try take(\.extensions) { _ in true } }
    }

    private mutating func takeQuoted() throws(NaiveStop) {
        try take(\.extensions) { $0 == 34 }
        while rest.first != 34 {
            let isEscape = rest.first == 92
            try take(\.extensions, isNaiveText)
            if isEscape { try take(\.extensions, isNaiveText) }
        }
        try take(\.extensions) { $0 == 34 }
    }
}
