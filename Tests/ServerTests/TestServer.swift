import Glibc
import HTTP
import Linux
import Server
import Synchronization
import TestSupport

/// A worker with an echo service on a thread of its own.
final class TestServer: Sendable {
    let port: UInt16
    let record = Record()
    let mailbox: Mailbox<EchoService.Message>
    private let thread: Linux.Thread
    private let hasJoined = Atomic<Bool>(false)

    init(host: String = "127.0.0.1", connectionsMax: Int = 64, _ change: (inout Limits) -> Void = { _ in }) throws {
        var limits = Limits()
        limits.connections = connectionsMax
        change(&limits)
        let fixed = limits
        let listener = try Listener.open(host: host, port: 0)
        port = listener.port
        let handoff = Handoff(listener)
        let mailbox = try Mailbox<EchoService.Message>()
        self.mailbox = mailbox
        let record = record
        thread = try Linux.Thread(named: "test worker") {
            do {
                var worker = try Worker(
                    EchoService(record), listener: handoff.take(), mailbox: mailbox, limits: fixed)
                try worker.run()
            } catch {
                preconditionFailure("the worker failed: \(error)")
            }
        }
    }

    deinit { stop() }

    func client(ipv6: Bool = false) throws -> TestClient { try TestClient(port: port, ipv6: ipv6) }

    func drain(milliseconds: Int = 10_000) {
        mailbox.post(.drain(deadline: Clock.monotonicNanoseconds() + milliseconds * 1_000_000))
    }

    /// Waits until the worker has returned.
    func join() { if !hasJoined.exchange(true, ordering: .relaxed) { thread.join() } }

    func stop() {
        drain(milliseconds: 0)
        join()
    }

    /// Waits until the worker has read all that was sent before this call.
    ///
    /// It is one thread, and epoll reports what became ready first, first: when this later request is answered, the
    /// earlier bytes have been received.
    func settle(_ probe: TestClient) throws { _ = try probe.get("/probe") }

    /// Runs `body` while the worker stands still in the middle of a turn: what comes meanwhile comes to the next one.
    ///
    /// - Parameter message: what the worker is told in that turn before it stands still.
    func standingStill(after message: EchoService.Message? = nil, _ body: () throws -> Void) throws {
        let gate = try Gate()
        mailbox.post(.holdUp(untilReadable: gate.number, after: message))
        try eventually("the worker to stand still") { record.isHeldUp.load(ordering: .acquiring) }
        try body()
        try gate.open()
        try eventually("the worker to go on") { !record.isHeldUp.load(ordering: .acquiring) }
    }
}
