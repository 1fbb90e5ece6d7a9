/// Why a server cannot listen.
package enum ListenError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The host has no address.
    case address(AddressError)

    /// The address is not ours, is taken, or is not for this user.
    case system(SystemError)

    package var description: String {
        switch self {
        case .address(let error): error.description
        case .system(let error): error.description
        }
    }
}
