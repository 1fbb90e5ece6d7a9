import Glibc
import Synchronization
import TestSupport

/// A control group with little memory: whatever runs in it and takes more is killed by the kernel.
final class MemoryGroup {
    private static let count = Atomic(0)

    private let folder: String

    /// Root may make groups, but not in every container.
    static let isPossible = geteuid() == 0 && (try? MemoryGroup(bytes: 1 << 30)) != nil

    /// Makes one within the group of this process: in version 1, where memory has a hierarchy of its own, or in version 2.
    init(bytes: Int) throws {
        let lines = text(ofFile: "/proc/self/cgroup").split(separator: "\n").map { $0.split(separator: ":") }
        let first = lines.first { $0.count == 3 && $0[1] == "memory" }
        let parent = first.map { "/sys/fs/cgroup/memory\($0[2])" } ?? "/sys/fs/cgroup\(lines.last?.last ?? "")"
        folder = "\(parent)/churn-\(getpid())-\(Self.count.add(1, ordering: .relaxed).newValue)"
        _ = try output(of: ["mkdir", folder])
        try write("\(bytes)".utf8, toFile: "\(folder)/\(first == nil ? "memory.max" : "memory.limit_in_bytes")")
    }

    /// What is in it has to have ended.
    deinit { _ = try? output(of: ["rmdir", folder]) }

    /// A command that runs the rest of its arguments in the group.
    var entrance: [String] { ["sh", "-c", #"echo $$ >"$0/cgroup.procs" && exec "$@""#, folder] }
}
