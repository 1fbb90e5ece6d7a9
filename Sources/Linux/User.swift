import Glibc

/// A user of the machine.
package struct User: Equatable, Sendable {
    package let name: String
    package let identifier: UInt32
    package let group: UInt32

    /// The user id that this process acts as; 0 is root.
    package static var effectiveIdentifier: UInt32 { geteuid() }

    /// Looks a user up by name; nil when there is none.
    package static func named(_ name: String) throws(SystemError) -> User? {
        var room = 1024
        while true {
            var entry = unsafe passwd()
            var found: UnsafeMutablePointer<passwd>?
            var buffer = [CChar](repeating: 0, count: room)
            let code = unsafe getpwnam_r(name, &entry, &buffer, buffer.count, &found)
            switch code {
            case 0:
                guard unsafe found != nil else { return nil }
                return User(name: name, identifier: unsafe entry.pw_uid, group: unsafe entry.pw_gid)
            case ERANGE: room *= 4
            case EINTR: continue
            case ENOENT, ESRCH: return nil
            default: throw SystemError(code: code, call: "getpwnam_r \(name)")
            }
        }
    }
}
