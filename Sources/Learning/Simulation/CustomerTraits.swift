/// What stays the same about a made-up customer.
struct CustomerTraits: Sendable {
    /// How much they do: 8 at most.
    let level: Double
    /// How dearly they buy, on the scale of logarithms.
    let taste: Double
    /// The services they take, at least one.
    let services: [Int]

    init(_ random: inout RandomStream) {
        level = min(8, Elementary.exp(1.2 * random.normal()))
        taste = 0.5 * random.normal()
        let share = random.beta(2, 2.5)
        let sure = random.index(Simulator.services.count)
        var services: [Int] = []
        for service in Simulator.services.indices {
            let isTaken = random.uniform() < share
            if isTaken || service == sure { services.append(service) }
        }
        self.services = services
    }
}

/// One stay of a customer: active, then fading, until they are silent.
///
/// Days count from the start of the simulation.
struct CustomerPhase: Sendable {
    let start: Double
    let fadeStart: Double
    let end: Double
    /// What their rates are multiplied by: below 1 after a return.
    let scale: Double
    /// When each service is given up, within the fade.
    let drops: [Double]

    /// - Parameter isNew: fading is half as likely again in the first 90 days.
    init(_ traits: CustomerTraits, start: Double, scale: Double, isNew: Bool, _ random: inout RandomStream) {
        let count = Double(traits.services.count)
        let exponent = -0.6 * (count - 2.8) - 0.25 * Elementary.log(traits.level) - traits.taste
        let hazard = 0.06 / 30 * Elementary.exp(exponent)
        // The hazard used up when fading begins; a new customer uses it faster at first.
        let used = random.exponential(mean: 1)
        let early = 90 * hazard * 1.5
        var wait = used / hazard
        if isNew { wait = used < early ? used / (hazard * 1.5) : 90 + (used - early) / hazard }
        let fadeStart = start + wait
        let length = 30 * random.gamma(shape: 2)
        self.start = start
        self.scale = scale
        self.fadeStart = fadeStart
        end = fadeStart + length
        drops = Simulator.services.map { _ in fadeStart + length * random.uniform() }
    }

    /// The share of the fade that has passed: 0 before it, 1 at its end.
    func faded(_ day: Double) -> Double {
        day <= fadeStart ? 0 : min((day - fadeStart) / (end - fadeStart), 1)
    }
}
