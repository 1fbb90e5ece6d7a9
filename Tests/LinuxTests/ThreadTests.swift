import Linux
import Synchronization
import TestSupport
import Testing

struct ThreadTests {
    @Test(.enabled(if: Thread.turnNanoseconds > 0, "this kernel has turns of one length"))
    func `long turns are those of the thread and of the threads it starts, until the body ends`() {
        let before = Thread.turnNanoseconds
        let started = Mutex<UInt64>(0)
        let long = Thread.withLongTurns {
            BackgroundThread { started.withLock { $0 = Thread.turnNanoseconds } }.join()
            return Thread.turnNanoseconds
        }
        #expect(long > 10 * before)
        #expect(started.withLock { $0 } == long)
        #expect(Thread.turnNanoseconds == before)
    }
}
