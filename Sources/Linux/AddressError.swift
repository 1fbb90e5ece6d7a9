/// A host that has no address.
package struct AddressError: Error, Equatable, Sendable, CustomStringConvertible {
    package let host: String

    /// What the resolver says.
    package let reason: String

    package var description: String { "\(host): \(reason)" }
}
