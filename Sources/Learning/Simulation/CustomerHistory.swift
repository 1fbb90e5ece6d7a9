/// All there is to know of a made-up customer: what they did, and the truth behind it, which no model may see.
package struct CustomerHistory: Sendable {
    /// A time from coming to falling silent; in seconds since 1970, nil where it lies behind the end of the simulation.
    package struct Stay: Sendable {
        package let start: Int
        package let fadeStart: Int?
        package let end: Int?
    }

    /// How much they do.
    package let level: Double
    /// How dearly they buy, on the scale of logarithms.
    package let taste: Double
    /// Places in `Simulator.services`.
    package let services: [Int]
    /// At least one; several where they came back.
    package let stays: [Stay]
    /// In order of time.
    package let events: [CustomerEvent]
}
