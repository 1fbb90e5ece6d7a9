import CLinux
import Glibc

/// An epoll instance, level-triggered where nothing else is said: what was not handled is reported again.
///
/// It belongs to one thread.
@safe
package struct Poller: ~Copyable {
    /// What a descriptor is watched for.
    ///
    /// Errors and a hang-up are reported always.
    package struct Interest: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static var readable: Interest { Interest(rawValue: 1) }
        package static var writable: Interest { Interest(rawValue: 2) }

        /// Edge-triggered: what is there is reported once, and again only when more comes or `change` is called.
        ///
        /// The kernel does not look at a descriptor a second time to see that nothing is left of what it reported, which costs
        /// as much as the first look. It may report bytes and the end behind them in one event: see `Event.isEnding`.
        package static var onlyChanges: Interest { Interest(rawValue: 4) }

        fileprivate var events: UInt32 {
            var events: UInt32 = contains(.writable) ? EPOLLOUT.rawValue : 0
            if contains(.readable) { events |= EPOLLIN.rawValue }
            if contains(.onlyChanges) { events |= EPOLLET.rawValue }
            if isSuperset(of: [.readable, .onlyChanges]) { events |= EPOLLRDHUP.rawValue }
            return events
        }
    }

    /// One descriptor that is ready.
    package struct Event: Sendable {
        /// The value given to `add`.
        package let token: UInt64
        package let isReadable: Bool
        package let isWritable: Bool

        /// The other side has sent all it will, which is behind the bytes that are left; only told with `onlyChanges`.
        package let isEnding: Bool

        /// An error, or both directions are closed: reading or writing tells which.
        package let hasHungUp: Bool
    }

    private let descriptor: FileDescriptor
    private let events: UnsafeMutablePointer<epoll_event>

    /// The most events that one `wait` delivers.
    package let eventsMax: Int

    package init(eventsMax: Int = 256) throws(SystemError) {
        let number = try immediately("epoll_create1") { epoll_create1(CInt(EPOLL_CLOEXEC)) }
        descriptor = FileDescriptor(owning: number)
        self.eventsMax = eventsMax
        unsafe events = .allocate(capacity: eventsMax)
    }

    deinit { unsafe events.deallocate() }

    /// The descriptor of the instance, for another one to watch: it is readable while something is ready here.
    package var number: CInt { descriptor.number }

    /// Watches `number` and reports it as `token` from now on.
    package func add(_ number: CInt, _ interest: Interest, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_ADD, number, interest, token)
    }

    /// Watches `number`, which was added before, for something else.
    package func change(_ number: CInt, _ interest: Interest, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_MOD, number, interest, token)
    }

    /// Does not report `number` any more; closing the only descriptor of a file does this by itself.
    package func remove(_ number: CInt) throws(SystemError) { try control(EPOLL_CTL_DEL, number, [], 0) }

    private func control(_ operation: CInt, _ number: CInt, _ interest: Interest, _ token: UInt64) throws(SystemError) {
        var event = unsafe epoll_event(events: interest.events, data: epoll_data_t(u64: token))
        try immediately("epoll_ctl") { unsafe epoll_ctl(descriptor.number, operation, number, &event) }
    }

    /// Waits until something is ready.
    ///
    /// A signal ends the wait early: it returns 0 then.
    /// - Parameter timeoutMilliseconds: -1 waits for ever, 0 not at all.
    /// - Returns: how many events there are; read them with `event` before the next `wait`.
    package mutating func wait(timeoutMilliseconds: Int) throws(SystemError) -> Int {
        let count = unsafe epoll_wait(descriptor.number, events, CInt(eventsMax), CInt(timeoutMilliseconds))
        if count >= 0 { return Int(count) }
        if errno == EINTR { return 0 }
        throw SystemError(code: errno, call: "epoll_wait")
    }

    /// The event at `index` of those that the last `wait` returned.
    package func event(_ index: Int) -> Event {
        precondition(index >= 0 && index < eventsMax, "event \(index) of at most \(eventsMax)")
        let happened = unsafe events[index].events
        return Event(
            token: unsafe events[index].data.u64,
            isReadable: happened & EPOLLIN.rawValue != 0,
            isWritable: happened & EPOLLOUT.rawValue != 0,
            isEnding: happened & EPOLLRDHUP.rawValue != 0,
            hasHungUp: happened & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0)
    }
}
