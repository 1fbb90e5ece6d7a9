package import Glibc

/// A folder that is removed with everything in it when its owner goes.
package final class TemporaryFolder: Sendable {
    package let path: String

    /// Makes a folder in `/tmp`, whose short name leaves room for Unix sockets.
    package init(_ name: String = "churn-test", mode: mode_t = 0o755) throws {
        var template = Array("/tmp/\(name).XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw SystemFailure("mkdtemp") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        unsafe chmod(path, mode)
    }

    deinit {
        _ = try? runCommand(["rm", "-rf", "--", path])
    }
}

/// The contents of a file; empty when it cannot be read.
package func contents(ofFile path: String) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var contents: [UInt8] = []
    while true {
        let part = unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            unsafe count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
        }
        if part.isEmpty { return contents }
        contents += part
    }
}

package func text(ofFile path: String) -> String { String(decoding: contents(ofFile: path), as: UTF8.self) }

/// Makes a file with these contents, readable by everyone.
package func write(_ contents: some Collection<UInt8>, toFile path: String) throws {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw SystemFailure("open \(path)") }
    defer { close(descriptor) }
    let bytes = Array(contents)
    var written = 0
    while written < bytes.count {
        let count = unsafe bytes.withUnsafeBytes { buffer in
            unsafe Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
        }
        guard count > 0 else { throw SystemFailure("write \(path)") }
        written += count
    }
}
