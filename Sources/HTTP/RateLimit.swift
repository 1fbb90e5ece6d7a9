public import Bytes

/// What an answer says of its caller's quota (draft-ietf-httpapi-ratelimit-headers-10 §3 and §4).
public struct RateLimit: Equatable, Sendable {
    /// So much in `windowSeconds`.
    public let quota: Int32
    public let windowSeconds: Int32

    /// How much of it is left now.
    public let remaining: Int32

    /// When all of it is there again.
    public let resetSeconds: Int32

    public init(quota: Int, windowSeconds: Int, remaining: Int, resetSeconds: Int) {
        self.quota = Int32(clamping: quota)
        self.windowSeconds = Int32(clamping: windowSeconds)
        self.remaining = Int32(clamping: remaining)
        self.resetSeconds = Int32(clamping: resetSeconds)
    }
}

extension ResponseEncoder {
    /// Adds RateLimit-Policy and RateLimit.
    public func rateLimit(_ limit: RateLimit, into output: inout ByteBuffer) {
        output.append("RateLimit-Policy: \"key\";q=")
        output.append(decimal: Int(limit.quota))
        output.append(";w=")
        output.append(decimal: Int(limit.windowSeconds))
        output.append("\r\nRateLimit: \"key\";r=")
        output.append(decimal: Int(limit.remaining))
        output.append(";t=")
        output.append(decimal: Int(limit.resetSeconds))
        output.append("\r\n")
    }
}
