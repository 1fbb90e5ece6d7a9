import Glibc
import Linux
import TestSupport
import Testing

/// Control groups as files, which is what they are.
@Suite struct MemoryLimitTests {
    private let mount: TemporaryFolder

    init() throws {
        mount = try TemporaryFolder()
        try set("memory.max", "max")
        try set("outer/memory.max", "300000000")
        try set("outer/inner/memory.max", "max")
        try set("outer/tight/memory.max", "100000000")
        try set("memory/memory.limit_in_bytes", "9223372036854771712")
        try set("memory/job/memory.limit_in_bytes", "200000000")
    }

    private func set(_ path: String, _ value: String) throws {
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        _ = try output(of: ["mkdir", "-p", mount.path + "/" + folder])
        try write((value + "\n").utf8, toFile: mount.path + "/" + path)
    }

    @Test(
        arguments: [
            ("0::/", nil),
            ("0::/outer", 300_000_000),
            ("0::/outer/inner", 300_000_000),
            ("0::/outer/tight", 100_000_000),
            ("0::/of/the/host/outer", nil),
            ("4:memory:/job\n1:cpu:/\n0::/", 200_000_000),
            ("4:cpu,memory:/job", 200_000_000),
            ("4:cpu:/job", nil),
            ("4:memory:/of/the/host", 9_223_372_036_854_771_712),
            ("4:memory:/job\n0::/outer/tight", 100_000_000),
            ("nothing", nil),
        ] as [(String, Int?)])
    func `the least of the groups around a process counts`(groups: String, limit: Int?) {
        #expect(MemoryLimit.ofGroups(groups, mountedAt: mount.path) == limit)
    }

    @Test func `this process has what the machine has, or less`() throws {
        let total = text(ofFile: "/proc/meminfo").split(separator: "\n").first { $0.hasPrefix("MemTotal:") }
        let kibibytes = try #require(total?.split(separator: " ").compactMap { Int($0) }.first)
        #expect((1 << 20...kibibytes << 10).contains(MemoryLimit.bytes()))
    }
}
