import Linux

/// Why the private PostgreSQL could not be started.
package struct PrivateServerError: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }

    init(_ error: SystemError) { description = error.description }
}

/// Runs system calls, and gives their errors the type that this folder throws.
func translating<Result: ~Copyable>(
    _ body: () throws(SystemError) -> Result
) throws(PrivateServerError) -> Result {
    do throws(SystemError) { return try body() } catch { throw PrivateServerError(error) }
}
