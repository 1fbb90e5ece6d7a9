import Glibc

/// Makes a system call and decides, here only, what its failure means.
///
/// Interrupted: called again. Would block (or still in progress): nil. A descriptor that is not open, or an address
/// that is not ours: a mistake of this program, so it stops. Anything else is thrown.
///
/// - Parameters:
///   - name: for the error; a closure, because most calls do not fail and some names have to be made.
///   - body: returns -1 and sets `errno` when it fails.
@inline(__always)
func systemCall<Result: FixedWidthInteger & SignedInteger>(
    _ name: @autoclosure () -> String, _ body: () -> Result
) throws(SystemError) -> Result? {
    while true {
        let result = body()
        if result != -1 { return result }
        let code = errno
        switch code {
        case EINTR: continue
        case EAGAIN, EINPROGRESS: return nil
        case EBADF, EFAULT, ENOTSOCK: preconditionFailure("\(name()): errno \(code) is a mistake of this program")
        default: throw SystemError(code: code, call: name())
        }
    }
}

/// Makes a system call that never blocks by its nature.
@inline(__always)
@discardableResult
func immediately<Result: FixedWidthInteger & SignedInteger>(
    _ name: @autoclosure () -> String, _ body: () -> Result
) throws(SystemError) -> Result {
    guard let result = try systemCall(name(), body) else { throw SystemError(code: EAGAIN, call: name()) }
    return result
}
