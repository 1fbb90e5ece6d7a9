import Linux
import Testing

@Suite struct PollerTests {
    @Test func `a wake-up is reported until it is cleared`() throws {
        var poller = try Poller()
        let wakeUp = try WakeUp()
        try poller.add(wakeUp.number, .readable, token: 7 << 40)
        #expect(try poller.wait(timeoutMilliseconds: 0) == 0)
        wakeUp.wake()
        wakeUp.wake()
        for _ in 0..<2 {
            #expect(try poller.wait(timeoutMilliseconds: 0) == 1)
            let event = poller.event(0)
            #expect(event.token == 7 << 40)
            #expect(event.isReadable)
            #expect(!event.isWritable)
        }
        wakeUp.clear()
        #expect(try poller.wait(timeoutMilliseconds: 0) == 0)
    }

    @Test func `a change of interest is followed`() throws {
        var poller = try Poller()
        let wakeUp = try WakeUp()
        try poller.add(wakeUp.number, [.readable, .writable], token: 1)
        #expect(try poller.wait(timeoutMilliseconds: 0) == 1)
        #expect(poller.event(0).isWritable)
        try poller.change(wakeUp.number, .readable, token: 2)
        #expect(try poller.wait(timeoutMilliseconds: 0) == 0)
        wakeUp.wake()
        #expect(try poller.wait(timeoutMilliseconds: 0) == 1)
        #expect(poller.event(0).token == 2)
        try poller.remove(wakeUp.number)
        #expect(try poller.wait(timeoutMilliseconds: 0) == 0)
    }

    @Test func `only a change is reported again, or what somebody asks for anew`() throws {
        var poller = try Poller()
        let wakeUp = try WakeUp()
        try poller.add(wakeUp.number, [.readable, .onlyChanges], token: 1)
        for _ in 0..<2 {
            wakeUp.wake()
            #expect(try poller.wait(timeoutMilliseconds: 0) == 1)
            #expect(poller.event(0).isReadable)
            #expect(!poller.event(0).isEnding)
            #expect(try poller.wait(timeoutMilliseconds: 0) == 0)
        }
        try poller.change(wakeUp.number, [.readable, .onlyChanges], token: 2)
        #expect(try poller.wait(timeoutMilliseconds: 0) == 1)
        #expect(poller.event(0).token == 2)
    }

    @Test func `waiting for one descriptor ends with its readiness or with the time`() throws {
        let wakeUp = try WakeUp()
        #expect(try !Poller.wait(for: wakeUp.number, .readable, timeoutMilliseconds: 0))
        wakeUp.wake()
        #expect(try Poller.wait(for: wakeUp.number, .readable, timeoutMilliseconds: -1))
    }
}
