/// The descriptors that a worker watches besides its clients.
enum EventSource {
    static let writer: UInt32 = 1
    static let reader: UInt32 = 2
}
