import Glibc

/// A system call that failed in a test's own machinery.
package struct SystemFailure: Error, CustomStringConvertible {
    package let call: String
    package let code: CInt

    /// Reads `errno`: call it directly after the failed call.
    package init(_ call: String, code: CInt = errno) {
        self.call = call
        self.code = code
    }

    package var description: String {
        "\(call): \(unsafe String(cString: strerror(code)))"
    }
}
