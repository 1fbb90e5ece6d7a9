import Glibc
import Synchronization
import TestSupport

/// A way over the loopback device on which packets get lost without a word: two addresses that nobody else uses, and routes that
/// become black holes.
///
/// Only who administers the network may do that.
final class LossyRoute {
    enum Direction: CaseIterable { case toServer, toClient }

    private static let count = Atomic(0)

    /// Where a server is to listen.
    let server: String
    /// Where the connections to it come from.
    private let client: String

    /// Root in a container may not be allowed to; without iproute2 nobody can.
    static let isPossible = geteuid() == 0 && (try? LossyRoute()) != nil

    init() throws {
        let net = "127.\(64 + getpid() % 64).\(Self.count.add(1, ordering: .relaxed).newValue % 255)"
        server = net + ".1"
        client = net + ".2"
        try way("replace", ["local", server, "dev", "lo", "src", client])
    }

    deinit { for address in [server, client] { try? way("flush", [address]) } }

    func lose(_ direction: Direction) throws {
        try way("replace", ["blackhole", direction == .toServer ? server : client])
    }

    func heal() throws {
        // An address in a black hole cannot be a source.
        try way("flush", [client])
        try way("replace", ["local", server, "dev", "lo", "src", client])
    }

    private func way(_ verb: String, _ route: [String]) throws {
        _ = try output(of: ["ip", "route", verb] + route + ["table", "local"])
    }
}
