import Glibc
import Linux
import Testing

@Suite struct ProcessTests {
    @Test func `the statistics of this process are of this process`() throws {
        let statistics = try #require(ProcessStatistics.read())
        #expect(statistics.cpuSeconds > 0)
        #expect(statistics.residentBytes > 1 << 20)
        #expect(statistics.virtualBytes > statistics.residentBytes)
        #expect(statistics.openDescriptors >= 3)
        #expect(statistics.descriptorsMax >= statistics.openDescriptors)
        let now = Double(Clock.wallMicroseconds()) / 1e6
        #expect(statistics.startTimeSeconds < now + 1)
        #expect(statistics.startTimeSeconds > now - 7200)
    }

    @Test func `a blocked signal is read`() throws {
        let source = try SignalSource([SIGUSR2])
        #expect(try source.next() == nil)
        raise(SIGUSR2)
        #expect(try source.wait(timeoutMilliseconds: 10_000) == SIGUSR2)
        #expect(try source.next() == nil)
    }

    @Test func `closing a descriptor twice stops the program`() async {
        await #expect(processExitsWith: .failure) {
            let number = dup(0)
            _ = FileDescriptor(owning: number)
            _ = FileDescriptor(owning: number)
        }
    }

    @Test func `the monotonic clock does not go back`() {
        let first = Clock.monotonicNanoseconds()
        #expect(Clock.monotonicNanoseconds() >= first)
    }
}
