package import Bytes

/// Customers of a shop, made up: they buy, use services, fade, fall silent, and some return.
///
/// Each customer is drawn from the seed and their own number, so that they come out the same in any order and on any
/// number of threads. Rates are per 30 days.
package struct Simulator: Sendable {
    package static let services = ["delivery", "app", "club", "gifts", "support"]

    package let customers: Int
    /// Days since 1970-01-01; the first day, and the day behind the last.
    package let from: Int
    package let to: Int
    package let seed: UInt64
    private let calendar: Calendar

    package init(customers: Int, from: CivilTime, to: CivilTime, seed: UInt64) {
        precondition(from.daysSince1970 < to.daysSince1970, "a simulation of no days")
        self.customers = customers
        self.from = from.daysSince1970
        self.to = to.daysSince1970
        self.seed = seed
        calendar = Calendar(from: self.from, to: self.to)
    }

    /// What customer `number` did between the two days, in order of time.
    package func events(of number: Int) -> [CustomerEvent] { history(of: number).events }

    /// What customer `number` did, and what they were like.
    package func history(of number: Int) -> CustomerHistory {
        var random = RandomStream(seed: seed, customer: number)
        let traits = CustomerTraits(&random)
        let days = Double(to - from)
        var events: [CustomerEvent] = []
        var start = 0.0
        var isNew = false
        if random.uniform() >= 0.5 {
            start = random.uniform() * days
            isNew = true
            events.append(CustomerEvent(second: second(start), kind: .signup))
        }
        var scale = 1.0
        var stays: [CustomerHistory.Stay] = []
        while start < days {
            let phase = CustomerPhase(traits, start: start, scale: scale, isNew: isNew, &random)
            stays.append(stay(phase))
            appendPurchases(phase, traits, &random, &events)
            for service in traits.services { appendUsage(of: service, phase, traits, &random, &events) }
            // One in ten comes back, at lower rates and with all of their services.
            guard random.uniform() < 0.1 else { break }
            start = phase.end + random.exponential(mean: 120)
            scale *= 0.7
            isNew = false
        }
        let sorted = events.enumerated().sorted { ($0.element.second, $0.offset) < ($1.element.second, $1.offset) }
        return CustomerHistory(
            level: traits.level, taste: traits.taste, services: traits.services, stays: stays,
            events: sorted.map(\.element))
    }

    /// Times beyond the end of the simulation are not told: nobody could know them.
    private func stay(_ phase: CustomerPhase) -> CustomerHistory.Stay {
        let last = Double(to - from)
        return CustomerHistory.Stay(
            start: second(phase.start), fadeStart: phase.fadeStart < last ? second(phase.fadeStart) : nil,
            end: phase.end < last ? second(phase.end) : nil)
    }

    private func second(_ day: Double) -> Int { from * 86_400 + Int(day * 86_400) }

    private func appendPurchases(
        _ phase: CustomerPhase, _ traits: CustomerTraits, _ random: inout RandomStream, _ events: inout [CustomerEvent]
    ) {
        arrivals(0.8 * traits.level * phase.scale, from: phase.start, to: phase.end, phase, &random) { day, random in
            let faded = phase.faded(day)
            let logarithm = 3.6888794541139363 + traits.taste + 0.45 * random.normal()
            let amount = Elementary.exp(logarithm) * (1 - 0.5 * faded)
            events.append(
                CustomerEvent(second: second(day), kind: .purchase, cents: Int((amount * 100).rounded())))
        }
    }

    private func appendUsage(
        of service: Int, _ phase: CustomerPhase, _ traits: CustomerTraits, _ random: inout RandomStream,
        _ events: inout [CustomerEvent]
    ) {
        let rate = 0.45 * traits.level.squareRoot() * phase.scale
        arrivals(rate, from: phase.start, to: phase.drops[service], phase, &random) { day, _ in
            events.append(CustomerEvent(second: second(day), kind: .usage, service: service))
        }
    }

    /// A Poisson process of `rate` per 30 days, thinned by season, weekday and fading (Lewis and Shedler 1979).
    private func arrivals(
        _ rate: Double, from start: Double, to end: Double, _ phase: CustomerPhase, _ random: inout RandomStream,
        _ body: (Double, inout RandomStream) -> Void
    ) {
        let last = min(end, Double(to - from))
        let gap = 30 / (rate * Calendar.largest)
        var day = start + random.exponential(mean: gap)
        while day < last {
            let share = calendar.factor(Int(day)) * (1 - 0.9 * phase.faded(day)) / Calendar.largest
            if random.uniform() < share { body(day, &random) }
            day += random.exponential(mean: gap)
        }
    }

    /// How busy each day is.
    private struct Calendar: Sendable {
        static let largest = 1.12 * 1.2
        private let factors: [Double]

        init(from: Int, to: Int) {
            // From Sunday on, as `CivilTime.weekday` counts.
            let weekdays = [0.85, 0.95, 0.9, 0.95, 1, 1.15, 1.2]
            factors = (from..<to).map { day in
                let time = CivilTime(daysSince1970: day)
                let dayOfYear = day - CivilTime(year: time.year, month: 1, day: 1).daysSince1970 + 1
                let season = 1 + 0.12 * Elementary.cosine(turns: Double(dayOfYear - 350) / 365.25)
                return season * weekdays[time.weekday]
            }
        }

        func factor(_ day: Int) -> Double { factors[day] }
    }
}
