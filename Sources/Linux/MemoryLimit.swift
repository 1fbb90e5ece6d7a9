import Glibc

/// How much memory this process may take before the kernel ends it.
package enum MemoryLimit {
    /// What the machine has, or less where a control group allows less (cgroups(7)), in bytes.
    package static func bytes() -> Int {
        let machine = sysconf(CInt(_SC_PHYS_PAGES)) * sysconf(CInt(_SC_PAGESIZE))
        let groups = (try? File.readText("/proc/self/cgroup")) ?? ""
        return min(machine, ofGroups(groups, mountedAt: "/sys/fs/cgroup") ?? .max)
    }

    /// The least that a group of this process, or one that it lies in, allows; nil where none says a number.
    ///
    /// - Parameters:
    ///   - groups: lines of `/proc/self/cgroup`: a number, controllers, a path. Version 2 has no controllers there; of version 1 the
    ///     one called `memory` counts, whose hierarchy is a folder of that name. In a container the path may be the host's: what
    ///     is not found is passed over, and the top is the container's own group.
    ///   - mount: where the hierarchies are.
    package static func ofGroups(_ groups: String, mountedAt mount: String) -> Int? {
        var least: Int?
        for line in groups.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let isSecondVersion = parts[1].isEmpty
            guard isSecondVersion || parts[1].split(separator: ",").contains("memory") else { continue }
            let top = isSecondVersion ? mount : mount + "/memory"
            let file = isSecondVersion ? "memory.max" : "memory.limit_in_bytes"
            var names = parts[2].split(separator: "/")
            while true {
                let folder = names.reduce(top) { $0 + "/" + $1 }
                if let text = try? File.readText(folder + "/" + file), let limit = Int(text.prefix { $0 != "\n" }) {
                    least = min(least ?? .max, limit)
                }
                if names.popLast() == nil { break }
            }
        }
        return least
    }
}
