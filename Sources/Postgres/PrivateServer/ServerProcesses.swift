import Glibc
import Linux

/// The processes of PostgreSQL that work in a data folder, whoever started them.
enum ServerProcesses {
    /// Their process ids.
    static func inFolder(_ data: String) -> [Int32] {
        let names = (try? File.list("/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { works($0, in: data) }
    }

    /// Whether a process is one of them, from /proc: the program is called postgres and its working directory is the data.
    static func works(_ process: Int32, in data: String) -> Bool {
        guard let program = try? File.target(ofLink: "/proc/\(process)/exe"),
            let directory = try? File.target(ofLink: "/proc/\(process)/cwd")
        else { return false }
        // An upgrade of the package leaves "/usr/lib/…/postgres (deleted)".
        let name = program.split(separator: "/").last?.split(separator: " ").first
        return name == "postgres" && directory == data
    }

    /// Waits until none is left; those that stay are ended.
    ///
    /// A server that lost its owner shuts down by itself. One that crashed leaves processes behind which end when they
    /// notice; a stopped one never does. Until all are gone, nothing else may work on the data.
    static func awaitEnd(in data: String, patienceMilliseconds: Int) throws(PrivateServerError) {
        let start = monotonicMilliseconds()
        while true {
            let processes = inFolder(data)
            if processes.isEmpty { return }
            let waited = monotonicMilliseconds() - start
            if waited > patienceMilliseconds + 5000 {
                throw PrivateServerError("processes of PostgreSQL that work in \(data) do not end: \(processes)")
            }
            if waited > patienceMilliseconds { for process in processes { ChildProcess.send(SIGKILL, to: process) } }
            poll(nil, 0, 20)
        }
    }
}
