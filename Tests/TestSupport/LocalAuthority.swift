import Glibc

/// A certificate authority of its own for a test, made by `openssl`.
package final class LocalAuthority: Sendable {
    private let folder: TemporaryFolder

    /// What clients trust.
    package var certificate: String { folder.path + "/ca.pem" }

    /// A certificate and its key.
    package struct Identity: Sendable {
        package let certificate: String
        package let key: String
    }

    package init() throws {
        folder = try TemporaryFolder("churn-ca", mode: 0o755)
        try openssl("req -x509 -days 2 -subj /CN=churn-test-authority -keyout ca.key -out ca.pem", Self.newKey)
    }

    /// A server's certificate.
    ///
    /// - Parameters:
    ///   - names: as in subjectAltName: `DNS:localhost`, `IP:127.0.0.1`
    ///   - owner: whom the key belongs to, when the tests are run by root
    package func identity(_ names: String, owner: String? = nil) throws -> Identity {
        let name = "server-\(names.filter { $0.isLetter || $0.isNumber })"
        try openssl(
            "req -subj /CN=churn -addext subjectAltName=\(names) -keyout \(name).key -out \(name).csr", Self.newKey)
        try openssl(
            "x509 -req -in \(name).csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -copy_extensions copy -out \(name).pem"
        )
        let identity = Identity(certificate: "\(folder.path)/\(name).pem", key: "\(folder.path)/\(name).key")
        if let owner, geteuid() == 0 { _ = try output(of: ["chown", owner, identity.key]) }
        return identity
    }

    private static let newKey = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"

    private func openssl(_ words: String...) throws {
        let arguments = words.joined(separator: " ").split(separator: " ").map(String.init)
        _ = try output(of: ["openssl"] + arguments, directory: folder.path)
    }
}

/// A TCP port of the loopback interface that nobody listens on at the moment.
package func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemFailure("socket") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
            let bound = unsafe bind(descriptor, raw, length)
            return unsafe bound == 0 ? getsockname(descriptor, raw, &length) : bound
        }
    }
    guard result == 0 else { throw SystemFailure("bind") }
    return UInt16(bigEndian: address.sin_port)
}
