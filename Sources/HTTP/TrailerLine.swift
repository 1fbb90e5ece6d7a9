/// A place within the trailer section `*( field-line CRLF ) CRLF` (RFC 9112 §7.1.2).
enum TrailerLine: Sendable {
    case start, name, value, valueLF, endLF

    enum Step {
        case part(TrailerLine)
        /// The octet is the last one of the message.
        case end
        case malformed(RequestRule)
    }

    func next(_ byte: UInt8) -> Step {
        switch self {
        case .start:
            if byte == 0x0D { return .part(.endLF) }
            return ByteSet.token.contains(byte) ? .part(.name) : refuse(byte)
        case .name:
            if byte == 0x3A { return .part(.value) }
            return ByteSet.token.contains(byte) ? .part(.name) : refuse(byte)
        case .value:
            if byte == 0x0D { return .part(.valueLF) }
            return isText(byte) ? .part(.value) : refuse(byte)
        case .valueLF: return byte == 0x0A ? .part(.start) : .malformed(.bareCarriageReturn)
        case .endLF: return byte == 0x0A ? .end : .malformed(.bareCarriageReturn)
        }
    }

    private func refuse(_ byte: UInt8) -> Step { .malformed(byte == 0x0A ? .bareLineFeed : .malformedTrailer) }
}
