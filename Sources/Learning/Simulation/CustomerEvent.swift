/// One thing that a customer did.
package struct CustomerEvent: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case signup, purchase, usage
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    package var second: Int
    package var kind: Kind
    /// The place in `Simulator.services`; nil for a signup.
    package var service: Int?
    /// In hundredths; nil for what is no purchase.
    package var cents: Int?

    package init(second: Int, kind: Kind, service: Int? = nil, cents: Int? = nil) {
        self.second = second
        self.kind = kind
        self.service = service
        self.cents = cents
    }
}
