public import Bytes

/// Writes one answer into a buffer, front to back, without an allocation.
///
/// Create, add fields, `beginBody`, append the body to the buffer, `end`; or `endWithoutBody` in place of the last three.
/// Content-Length is the last field and is written before the body is known, with room for three digits. An answer of 100
/// to 999 octets, which a prediction is, fills it; for others `end` moves the body by the difference. So the field has
/// neither leading zeros nor the superfluous white space that RFC 9110 §5.6.3 advises against.
///
/// There is no Server field: it would help no client of ours.
public struct ResponseEncoder: Sendable {
    /// The offset of the status line.
    public let start: Int

    /// The offset behind the empty line; it moves in `end`.
    public private(set) var bodyStart = 0

    private let status: Status

    /// Where Content-Type begins.
    private var fieldsEnd = 0

    /// Writes status line, Date and, where asked for, `Connection: close` (RFC 9112 §9.6).
    public init(_ status: Status, closes: Bool, date: DateCache, into output: inout ByteBuffer) {
        start = output.count
        self.status = status
        output.append(status.line)
        date.append(to: &output)
        if closes { output.append("Connection: close\r\n") }
    }

    // MARK: Fields

    /// Adds a field whose value is fixed.
    public func field(_ name: StaticString, _ value: StaticString, into output: inout ByteBuffer) {
        begin(name, &output)
        output.append(value)
        output.append("\r\n")
    }

    /// Adds a field with a number, such as Retry-After in seconds.
    public func field(_ name: StaticString, decimal value: Int, into output: inout ByteBuffer) {
        begin(name, &output)
        output.append(decimal: value)
        output.append("\r\n")
    }

    /// Adds a field whose value stands in `range` of `source`.
    ///
    /// Octets that a field value must not contain become spaces (RFC 9110 §5.5), so that no value can end its own line.
    public func field(
        _ name: StaticString, _ source: borrowing ByteBuffer, _ range: Range<Int>, into output: inout ByteBuffer
    ) {
        begin(name, &output)
        let value = output.count
        output.append(source, range)
        replaceControls(value, &output)
        output.append("\r\n")
    }

    /// Adds a field whose value is made of text and bytes by `write`, under the same rule.
    public func field<Failure: Error>(
        _ name: StaticString, into output: inout ByteBuffer, _ write: (inout ByteBuffer) throws(Failure) -> Void
    ) throws(Failure) {
        begin(name, &output)
        let value = output.count
        try write(&output)
        replaceControls(value, &output)
        output.append("\r\n")
    }

    /// Adds the Allow field, which a 405 must have (RFC 9110 §15.5.6).
    public func allow(_ methods: MethodSet, into output: inout ByteBuffer) {
        begin("Allow", &output)
        var isFirst = true
        for method in Method.allCases where methods.contains(method) {
            if !isFirst { output.append(", ") }
            output.append(method.name)
            isFirst = false
        }
        output.append("\r\n")
    }

    private func begin(_ name: StaticString, _ output: inout ByteBuffer) {
        output.append(name)
        output.append(": ")
    }

    private func replaceControls(_ start: Int, _ output: inout ByteBuffer) {
        var offset = nextControl(output.span, from: start, to: output.count)
        while offset < output.count {
            output[offset] = 0x20
            offset = nextControl(output.span, from: offset + 1, to: output.count)
        }
    }

    // MARK: Body

    /// Writes Content-Type, Content-Length and the empty line; the body is what the caller appends from here on.
    public mutating func beginBody(_ type: MediaType, into output: inout ByteBuffer) {
        precondition(!status.hasNoBody, "an answer with this status has no body")
        fieldsEnd = output.count
        output.append("Content-Type: ")
        output.append(type.contentType)
        output.append("\r\nContent-Length: 000\r\n\r\n")
        bodyStart = output.count
    }

    /// Writes Content-Type, Content-Length and the empty line of an answer whose body is elsewhere.
    public mutating func endHead(_ type: MediaType, bodyCount: Int, into output: inout ByteBuffer) {
        precondition(!status.hasNoBody, "an answer with this status has no body")
        output.append("Content-Type: ")
        output.append(type.contentType)
        output.append("\r\nContent-Length: ")
        output.append(decimal: bodyCount)
        output.append("\r\n\r\n")
        bodyStart = output.count
    }

    /// Adds the fields of a quota where its state is known only once the body is there; `end` follows.
    public mutating func insert(_ limit: RateLimit, into output: inout ByteBuffer) {
        let tail = fieldsEnd..<output.count
        rateLimit(limit, into: &output)
        let end = output.count
        let amount = end - tail.upperBound
        output.append(copyOf: tail)
        output.move(tail.upperBound..<output.count, to: fieldsEnd)
        output.truncate(to: end)
        bodyStart += amount
    }

    /// Writes the length of the body that ends where the buffer does.
    ///
    /// - Parameter isHead: the request was HEAD, whose answer has the fields of GET and no body (RFC 9110 §9.3.2).
    public mutating func end(isHead: Bool, into output: inout ByteBuffer) {
        let length = output.count - bodyStart
        let digits = length >= 100 && length < 1000 ? 3 : digitCount(length)
        let holeStart = bodyStart - 7
        if isHead { output.truncate(to: bodyStart) }
        if digits != 3 { resizeHole(from: holeStart + 3, by: digits - 3, &output) }
        var rest = length
        for place in (holeStart..<holeStart + digits).reversed() {
            output[place] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    /// Ends an answer that has no body: 204 and 304 without a length (RFC 9110 §8.6), any other with length zero.
    public mutating func endWithoutBody(into output: inout ByteBuffer) {
        output.append(status.hasNoBody ? "\r\n" : "Content-Length: 0\r\n\r\n")
        bodyStart = output.count
    }

    /// Moves everything from `offset` on by `amount`.
    private mutating func resizeHole(from offset: Int, by amount: Int, _ output: inout ByteBuffer) {
        let tail = offset..<output.count
        for _ in 0..<max(amount, 0) { output.append(byte: 0) }
        output.move(tail, to: offset + amount)
        if amount < 0 { output.truncate(to: output.count + amount) }
        bodyStart += amount
    }

    private func digitCount(_ value: Int) -> Int {
        var digits = 1
        var bound = 10
        while value >= bound {
            digits += 1
            bound *= 10
        }
        return digits
    }
}

/// Appends the interim answer that lets a client send its body (RFC 9110 §15.2.1); it has no fields.
public func appendContinue(to output: inout ByteBuffer) { output.append("HTTP/1.1 100 Continue\r\n\r\n") }
