import Glibc
import Linux
import TestSupport
import Testing

@Suite struct ListenerTests {
    @Test func `localhost is both loopback addresses on one port`() throws {
        let listener = try Listener.open(host: "localhost", port: 0)
        #expect(listener.port != 0)
        #expect(listener.addresses.first?.description == "127.0.0.1:\(listener.port)")
        #expect(listener.addresses.allSatisfy { $0.port == listener.port })
    }

    @Test func `a sibling shares addresses and port`() throws {
        let listener = try Listener.open(host: "127.0.0.1", port: 0)
        let sibling = try listener.sibling()
        #expect(sibling.addresses.map(\.description) == listener.addresses.map(\.description))
        #expect(sibling.numbers != listener.numbers)
    }

    @Test func `a port that another server has is refused`() throws {
        let listener = try Listener.open(host: "127.0.0.1", port: 0)
        let port = listener.port
        #expect(throws: ListenError.self) { _ = try Listener.open(host: "127.0.0.1", port: port) }
        #expect(listener.port == port)
    }

    @Test func `a port is free again when its listener ends`() throws {
        let port = try Listener.open(host: "127.0.0.1", port: 0).port
        let again = try Listener.open(host: "127.0.0.1", port: port)
        #expect(again.port == port)
    }

    @Test func `a host without an address is named in the error`() {
        let error = #expect(throws: ListenError.self) { _ = try Listener.open(host: "no.such.host.invalid", port: 0) }
        #expect(error?.description.hasPrefix("no.such.host.invalid: ") == true)
    }

    @Test func `nobody waits at first`() throws {
        let listener = try Listener.open(host: "127.0.0.1", port: 0)
        let nobody = try listener.accept(0) == nil
        #expect(nobody)
    }

    @Test func `accepted connections send small answers at once, and keep little of large ones in the kernel`() throws {
        let listener = try Listener.open(host: "127.0.0.1", port: 0)
        let client = try StreamSocket(port: listener.port)
        try #require(try Poller.wait(for: listener.numbers[0], .readable, timeoutMilliseconds: 10_000))
        var value: CInt = 0
        var unsent: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        if let accepted = try listener.accept(0) {
            unsafe getsockopt(accepted.number, CInt(IPPROTO_TCP), TCP_NODELAY, &value, &size)
            unsafe getsockopt(accepted.number, CInt(IPPROTO_TCP), TCP_NOTSENT_LOWAT, &unsent, &size)
        }
        #expect(value == 1)
        #expect(unsent == 1024)
        client.disconnect()
    }

    @Test(arguments: ["127.0.0.1", "::1"])
    func `an address is written as a URL writes it`(host: String) throws {
        let address = try #require(try SocketAddress.resolve(host: host, port: 8080).first)
        #expect(address.description == (host == "::1" ? "[::1]:8080" : "127.0.0.1:8080"))
        #expect(address.isIPv6 == (host == "::1"))
    }
}
