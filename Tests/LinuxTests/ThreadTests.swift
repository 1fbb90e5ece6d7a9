import Linux
import Synchronization
import TestSupport
import Testing

struct ThreadTests {
    /// Turn and nice value of the calling thread.
    private struct Manner: Equatable, Sendable {
        let turn = Thread.turnNanoseconds
        let nice = Thread.nice
    }

    @Test func `what runs aside gives way, and so do the threads it starts; nobody else does`() {
        let before = Manner()
        let started = Mutex<Manner?>(nil)
        let aside = Thread.aside {
            BackgroundThread { started.withLock { $0 = Manner() } }.join()
            return Manner()
        }
        #expect(aside.nice > before.nice)
        // 0 where the kernel has turns of one length.
        #expect(before.turn == 0 || aside.turn > 10 * before.turn)
        #expect(started.withLock { $0 } == aside)
        #expect(Manner() == before)
    }

    @Test func `an error of what runs aside is thrown on`() {
        #expect(throws: SystemError(code: 5, call: "test")) {
            try Thread.aside { () throws(SystemError) -> Int in throw SystemError(code: 5, call: "test") }
        }
    }
}
