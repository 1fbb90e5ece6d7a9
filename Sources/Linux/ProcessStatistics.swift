import Glibc

/// What the kernel says about this process, under the names that every Prometheus client uses.
package struct ProcessStatistics: Sendable {
    /// User and system time of all threads.
    package let cpuSeconds: Double
    package let virtualBytes: Int
    package let residentBytes: Int
    package let openDescriptors: Int

    /// The soft limit of open descriptors.
    package let descriptorsMax: Int

    /// Seconds since 1970, to a hundredth.
    package let startTimeSeconds: Double

    /// Reads /proc, which costs some tens of microseconds; nil where /proc is missing or says something unexpected.
    package static func read() -> ProcessStatistics? {
        // proc(5): the name of the program, in parentheses, may hold anything, so the fields are counted from its end.
        guard let text = try? File.readText("/proc/self/stat"), let end = text.lastIndex(of: ")"),
            let descriptors = try? File.list("/proc/self/fd"), let boot = bootSeconds()
        else { return nil }
        let fields = text[end...].split(separator: " ")
        guard fields.count > 22, let userTicks = Double(fields[12]), let systemTicks = Double(fields[13]),
            let startTicks = Double(fields[20]), let virtualBytes = Int(fields[21]), let pages = Int(fields[22])
        else { return nil }
        let ticks = Double(sysconf(CInt(_SC_CLK_TCK)))
        return ProcessStatistics(
            cpuSeconds: (userTicks + systemTicks) / ticks, virtualBytes: virtualBytes,
            residentBytes: pages * Int(sysconf(CInt(_SC_PAGESIZE))), openDescriptors: descriptors.count - 1,
            descriptorsMax: descriptorsMax(), startTimeSeconds: boot + startTicks / ticks)
    }

    /// How many descriptors this process may have open (the soft limit).
    package static func descriptorsMax() -> Int {
        var limit = rlimit()
        _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_cur)
    }

    /// Raises the soft limit of open descriptors to what the administrator allows.
    package static func raiseDescriptorsMax() {
        var limit = rlimit()
        _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private static func bootSeconds() -> Double? {
        guard let text = try? File.readText("/proc/stat") else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("btime ") }
        return line.flatMap { Double($0.dropFirst(6)) }
    }
}
