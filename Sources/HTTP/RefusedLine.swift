/// What the request line of a refused request says, as far as that can be relied on.
///
/// For counting: who breaks a rule is told apart by what was asked for, not only by the rule.
public struct RefusedLine: Sendable {
    /// Nil where there is no whole request line that is as it should be, or its method is not known.
    public let method: Method?

    /// Where its path is in the octets that were received; nil where there is no such request line.
    public let path: Range<Int>?

    /// Nothing is known.
    public static let none = RefusedLine(method: nil, path: nil)

    init(method: Method?, path: Range<Int>?) {
        self.method = method
        self.path = path
    }

    /// The line of a request whose head is good and whose body is not.
    public init(_ head: RequestHead) { self.init(method: head.method, path: head.path) }
}

extension RequestParser {
    /// Reads the request line of a refused request once more: the head is thrown away with the error, and a refusal is rare.
    ///
    /// - Parameters:
    ///   - start: where the request begins.
    ///   - scan: how far its head was looked through.
    public func lineOfRefused(_ bytes: Span<UInt8>, from start: Int, scan: borrowing HeadScan) -> RefusedLine {
        guard scan.lines > 0 else { return .none }
        let line = start + scan.requestLine..<start + scan.end(ofLine: 0)
        var head = RequestHead(start: start, count: line.upperBound - start)
        do throws(RequestError) {
            try readRequestLine(bytes, line, into: &head)
            return RefusedLine(head)
        } catch {
            // Behind the method everything was read.
            return error.rule == .unknownMethod ? RefusedLine(method: nil, path: head.path) : .none
        }
    }
}
