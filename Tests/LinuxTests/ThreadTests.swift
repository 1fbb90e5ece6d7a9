import Linux
import Synchronization
import TestSupport
import Testing

struct ThreadTests {
    private var here: ThreadShare? { ThreadShare(task: "/proc/thread-self") }

    @Test func `what runs aside gives way, and so do the threads it starts; nobody else does`() throws {
        let before = try #require(here)
        let started = Mutex<ThreadShare?>(nil)
        let found = Thread.aside {
            BackgroundThread { started.withLock { $0 = here } }.join()
            return here
        }
        let aside = try #require(found)
        #expect(aside.givesWay(to: before), "\(aside), \(before)")
        #expect(started.withLock { $0 } == aside)
        #expect(here == before)
    }

    @Test func `an error of what runs aside is thrown on`() {
        #expect(throws: SystemError(code: 5, call: "test")) {
            try Thread.aside { () throws(SystemError) -> Int in throw SystemError(code: 5, call: "test") }
        }
    }
}
