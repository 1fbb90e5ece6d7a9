import Bytes

/// The request methods that this server knows (RFC 9110 §9.3, RFC 5789 for PATCH).
///
/// CONNECT and unknown ones never get this far: the parser answers them with 501. No resource allows TRACE, so it is
/// answered with 405 like any other method that is not allowed.
public enum Method: UInt8, Sendable, CaseIterable {
    case get, head, post, put, delete, options, patch, trace

    /// The method as it is written on the wire; methods are case-sensitive (RFC 9110 §9.1).
    public var name: StaticString {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .patch: "PATCH"
        case .trace: "TRACE"
        }
    }

    /// The method that `range` of `bytes` spells, nil for one that is not known.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let candidate: Method
        switch (range.count, bytes[range.lowerBound]) {
        case (3, 0x47): candidate = .get
        case (3, _): candidate = .put
        case (4, 0x50): candidate = .post
        case (4, _): candidate = .head
        case (5, 0x54): candidate = .trace
        case (5, _): candidate = .patch
        case (6, _): candidate = .delete
        case (7, _): candidate = .options
        default: return nil
        }
        guard bytes.equals(range, candidate.name) else { return nil }
        self = candidate
    }
}

/// A set of methods, such as those that a resource allows.
public struct MethodSet: OptionSet, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public init(_ method: Method) { rawValue = 1 << method.rawValue }

    public static let get = MethodSet(.get)
    public static let head = MethodSet(.head)
    public static let post = MethodSet(.post)
    public static let put = MethodSet(.put)
    public static let delete = MethodSet(.delete)
    public static let options = MethodSet(.options)
    public static let patch = MethodSet(.patch)
    public static let trace = MethodSet(.trace)

    public func contains(_ method: Method) -> Bool { rawValue & (1 << method.rawValue) != 0 }
}
