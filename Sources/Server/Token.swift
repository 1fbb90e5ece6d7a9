/// What epoll reports an event by.
///
/// The number of a connection has a zero in its highest bit; see `ConnectionTable`.
enum Token {
    case connection(UInt64)
    case listener(Int)
    case source(UInt32)
    case mailbox
    case slowLane

    private static let listeners: UInt64 = 1 << 31
    private static let sources = listeners + 1
    private static let mailboxes = listeners + 2
    private static let slowLanes = listeners + 3

    init(_ number: UInt64) {
        switch number >> 32 {
        case Self.listeners: self = .listener(Int(number & 0xFFFF_FFFF))
        case Self.sources: self = .source(UInt32(truncatingIfNeeded: number))
        case Self.mailboxes: self = .mailbox
        case Self.slowLanes: self = .slowLane
        default: self = .connection(number)
        }
    }

    var number: UInt64 {
        switch self {
        case .connection(let number): number
        case .listener(let index): Self.listeners << 32 | UInt64(index)
        case .source(let source): Self.sources << 32 | UInt64(source)
        case .mailbox: Self.mailboxes << 32
        case .slowLane: Self.slowLanes << 32
        }
    }
}
