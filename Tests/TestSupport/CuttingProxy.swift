import Glibc
import Synchronization

/// Stands between the service and PostgreSQL, on a Unix socket, and fails as networks do.
///
/// Bytes pass in both directions until a plan is set. A plan is carried out once, on the first connection that sends
/// `marker` (a customer's id, say), counted from the Sync that ends what the marker was in.
package final class CuttingProxy: Sendable {
    package enum Plan: Sendable {
        /// The Sync is forwarded, and both sides are cut at once: PostgreSQL may or may not have committed.
        case cutAfterSync
        /// PostgreSQL's whole answer is awaited and thrown away, then both sides are cut: it has committed.
        case cutAfterCommit
        /// The Sync is not forwarded: it cannot have committed.
        case cutBeforeSync
    }

    private struct State {
        var plan: Plan?
        var marker: [UInt8] = []
        var passing = 0
        var refusesOnceCut = false
        var isSilent = false
        var isRefusing = false
        var cuts = 0
        var links: [Link] = []
    }

    private let upstream: String
    private let changesProcessIDs: Bool
    private let folder: TemporaryFolder
    private let listener: CInt
    private let state = Mutex(State())

    /// A libpq connection string without user and database: `host=… port=…`.
    package var location: String { "host=\(folder.path) port=\(proxyPort)" }

    /// - Parameters:
    ///   - upstream: PostgreSQL's Unix socket
    ///   - changesProcessIDs: whether clients are told of other backends than those that serve them, as by a pooler
    package init(upstream: String, changesProcessIDs: Bool = false) throws {
        self.upstream = upstream
        self.changesProcessIDs = changesProcessIDs
        folder = try TemporaryFolder("churn-proxy")
        listener = try listen(at: folder.path + "/.s.PGSQL.\(proxyPort)")
        let (listener, accepted) = (listener, WeakProxy(self))
        _ = BackgroundThread {
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                accepted.proxy?.connect(StreamSocket(adopting: descriptor))
            }
        }
    }

    deinit {
        shutdown(listener, CInt(SHUT_RDWR))
        close(listener)
        for link in state.withLock({ $0.links }) { link.cut() }
    }

    /// Arms the proxy for the next batch that holds the marker.
    ///
    /// - Parameters:
    ///   - passing: how many times the marker passes unharmed before.
    ///   - refusing: every other connection is cut first, and new ones are refused until `setRefusing(false)`: who has
    ///     another connection open cannot send the batch again.
    package func arm(_ plan: Plan, marker: String, passing: Int = 0, refusing: Bool = false) {
        state.withLock { state in
            state.plan = plan
            state.marker = Array(marker.utf8)
            state.passing = passing
            state.refusesOnceCut = refusing
        }
    }

    /// How many times a plan was carried out.
    package var cuts: Int { state.withLock { $0.cuts } }

    /// While silent, nothing from PostgreSQL passes on connections that exist: it seems to hang.
    package func setSilent(_ silent: Bool) {
        let links = state.withLock { state in
            state.isSilent = silent
            return state.links
        }
        for link in links { link.isSilent.store(silent, ordering: .sequentiallyConsistent) }
    }

    /// On connections that exist, whatever comes from PostgreSQL takes that much longer.
    package func setDelay(milliseconds: Int) {
        for link in state.withLock({ $0.links }) {
            link.delayMilliseconds.store(milliseconds, ordering: .sequentiallyConsistent)
        }
    }

    /// Cuts everything, and refuses new connections until it is told otherwise.
    package func setRefusing(_ refusing: Bool) {
        let links = state.withLock { state in
            state.isRefusing = refusing
            return state.links
        }
        if refusing { for link in links { link.cut() } }
    }

    private func connect(_ client: StreamSocket) {
        guard !state.withLock({ $0.isRefusing }), let server = try? StreamSocket(path: upstream) else {
            client.disconnect()
            return
        }
        let link = Link(client: client, server: server, changesProcessID: changesProcessIDs)
        state.withLock { state in
            link.isSilent.store(state.isSilent, ordering: .sequentiallyConsistent)
            state.links.append(link)
        }
        let proxy = WeakProxy(self)
        _ = BackgroundThread { link.forwardRequests { proxy.proxy?.plan(for: $0, on: link) } }
        _ = BackgroundThread { link.forwardAnswers() }
    }

    /// The plan, if these bytes hold its marker; it is given out once.
    private func plan(for bytes: [UInt8], on link: Link) -> Plan? {
        let (plan, others) = state.withLock { state -> (Plan?, [Link]) in
            guard let plan = state.plan, bytes.contains(state.marker) else { return (nil, []) }
            guard state.passing == 0 else {
                state.passing -= 1
                return (nil, [])
            }
            state.plan = nil
            state.cuts += 1
            guard state.refusesOnceCut else { return (plan, []) }
            state.isRefusing = true
            return (plan, state.links.filter { $0 !== link })
        }
        for other in others { other.cut() }
        return plan
    }
}

private let proxyPort = 5432

/// Lets the threads of a proxy end when nobody holds it any more.
private final class WeakProxy: Sendable {
    private weak let value: CuttingProxy?
    init(_ proxy: CuttingProxy) { value = proxy }
    var proxy: CuttingProxy? { value }
}

private func listen(at path: String) throws -> CInt {
    let listener = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard listener >= 0 else { throw SystemFailure("socket") }
    var address = try unixAddress(path)
    let bound = unsafe withUnsafeBytes(of: &address) { bytes in
        unsafe bind(
            listener, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
    }
    guard bound == 0, Glibc.listen(listener, 64) == 0 else { throw SystemFailure("listen at \(path)") }
    unsafe chmod(path, 0o777)
    return listener
}
