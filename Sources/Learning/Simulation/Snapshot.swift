/// What was known about one customer at an instant, and what became of them.
package struct Snapshot: Sendable, Equatable {
    package var purchaseFrequency: Double
    /// Nil without a purchase in the window.
    package var averageCheck: Double?
    package var daysSinceLastActivity: Double
    package var servicesUsed: Int
    /// Whether nothing happened in the horizon from that instant on.
    package var churned: Bool

    /// Nil unless the customer was active shortly before the day.
    ///
    /// - Parameters:
    ///   - events: all of one customer, in order of time.
    ///   - day: the instant is its midnight, in days since 1970-01-01. Features count events before it, the label those
    ///     from it on.
    package init?(_ events: [CustomerEvent], day: Int, _ definition: Definition) {
        let instant = day * 86_400
        let windowStart = instant - definition.windowDays * 86_400
        let horizonEnd = instant + definition.horizonDays * 86_400
        guard let last = events.last(where: { $0.second < instant }),
            last.second >= instant - definition.activeDays * 86_400
        else { return nil }
        var purchases = 0
        var cents = 0
        var services: Set<Int> = []
        var comesBack = false
        for event in events where event.second >= windowStart && event.second < horizonEnd {
            if event.second >= instant {
                comesBack = true
                continue
            }
            if let service = event.service { services.insert(service) }
            guard event.kind == .purchase else { continue }
            purchases += 1
            cents += event.cents ?? 0
        }
        purchaseFrequency = Double(purchases) / Double(definition.windowDays) * 30
        averageCheck = purchases > 0 ? Double(cents) / 100 / Double(purchases) : nil
        daysSinceLastActivity = Double(instant - last.second) / 86_400
        servicesUsed = services.count
        churned = !comesBack
    }
}
