import Glibc
import Linux
import Testing

@Suite struct FileTests {
    let directory: String

    init() throws { directory = try File.makeTemporaryDirectory("files") }

    @Test func `a file is read as it was written`() throws {
        defer { try? File.removeTree(directory) }
        let bytes = [UInt8]((0..<100_000).map { UInt8(truncatingIfNeeded: $0) })
        try File.write("\(directory)/a", bytes, mode: 0o600)
        #expect(try File.read("\(directory)/a") == bytes)
        let status = try #require(try File.status("\(directory)/a"))
        #expect(!status.isDirectory)
        #expect(status.size == 100_000)
        #expect(status.owner == User.effectiveIdentifier)
        #expect(status.mode == 0o600)
        #expect(try File.list(directory) == ["a"])
        #expect(throws: SystemError(code: EFBIG, call: "read \(directory)/a")) {
            _ = try File.read("\(directory)/a", limit: 99_999)
        }
    }

    @Test func `a file in proc is read though its size is zero`() throws {
        defer { try? File.removeTree(directory) }
        #expect(try File.readText("/proc/self/stat").hasPrefix("\(getpid()) ("))
        #expect(try File.target(ofLink: "/proc/self") == "\(getpid())")
    }

    @Test func `a directory gets its bits whatever the mask is, and keeps them when it was there`() throws {
        defer { try? File.removeTree(directory) }
        #expect(try File.makeDirectory("\(directory)/x", mode: 0o777))
        #expect(try File.status("\(directory)/x")?.mode == 0o777)
        #expect(try !File.makeDirectory("\(directory)/x", mode: 0o700))
        #expect(try File.status("\(directory)/x")?.mode == 0o777)
        try File.makeDirectories("\(directory)/1/2/3")
        #expect(try File.status("\(directory)/1/2/3")?.isDirectory == true)
        try File.write("\(directory)/file", [])
        #expect(throws: SystemError(code: EEXIST, call: "mkdir \(directory)/file")) {
            try File.makeDirectory("\(directory)/file")
        }
    }

    @Test func `removing a tree leaves what its links point to`() throws {
        defer { try? File.removeTree(directory) }
        try File.makeDirectories("\(directory)/tree/inside")
        try File.write("\(directory)/kept", [1])
        let isLinked = unsafe symlink("\(directory)/kept", "\(directory)/tree/link") == 0
        let isLoop = unsafe symlink(directory, "\(directory)/tree/inside/up") == 0
        try #require(isLinked && isLoop)
        try File.removeTree("\(directory)/tree")
        #expect(try File.list(directory) == ["kept"])
        try File.removeTree("\(directory)/tree")
    }

    @Test func `nothing at a path is nil, and removing it is no error`() throws {
        defer { try? File.removeTree(directory) }
        #expect(try File.status("\(directory)/missing") == nil)
        try File.remove("\(directory)/missing")
        #expect(throws: SystemError(code: ENOENT, call: "open \(directory)/missing")) {
            _ = try File.read("\(directory)/missing")
        }
    }

    @Test func `a lock has one owner, and is free after it`() throws {
        defer { try? File.removeTree(directory) }
        do {
            let lock = try FileLock.acquire("\(directory)/lock")
            let isHeld = lock != nil
            #expect(isHeld)
            let isRefused = try FileLock.acquire("\(directory)/lock") == nil
            #expect(isRefused)
            _ = consume lock
        }
        let isFree = try FileLock.acquire("\(directory)/lock") != nil
        #expect(isFree)
    }
}
