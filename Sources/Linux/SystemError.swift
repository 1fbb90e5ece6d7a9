import Glibc

/// A system call that failed because of the world outside, not because of a mistake in this program.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The value of `errno`.
    package let code: CInt

    /// The call that failed, with what it was about where that is known: `open /etc/churn`.
    package let call: String

    package init(code: CInt, call: String) {
        self.code = code
        self.call = call
    }

    /// What reading a directory as a file comes to.
    package static func isDirectory(_ path: String) -> SystemError { SystemError(code: EISDIR, call: "read \(path)") }

    package var description: String { "\(call): \(reason)" }

    /// What the C library says about `code`.
    package var reason: String { unsafe String(cString: strerror(code)) }

    package var isMissingFile: Bool { code == ENOENT }
    package var fileExists: Bool { code == EEXIST }
    package var isAddressInUse: Bool { code == EADDRINUSE }

    /// Whether the process or the machine has run out of file descriptors.
    package var isOutOfDescriptors: Bool { code == EMFILE || code == ENFILE }
}
