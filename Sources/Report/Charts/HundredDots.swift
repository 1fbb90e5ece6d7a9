import Learning

/// A hundred dots for all customers, by decision and outcome: what a manager sees first.
struct HundredDots {
    let confusion: Confusion

    private static let pitch = 22.0
    private static let columns = 20

    var markup: Markup {
        let kinds: [(StaticString, Int)] = [
            ("named left", confusion.truePositives), ("missed left", confusion.falseNegatives),
            ("named stayed", confusion.falsePositives), ("spared stayed", confusion.trueNegatives),
        ]
        let parts = HundredPeople.parts(kinds.map(\.1))
        let dots = zip(kinds, parts).flatMap { kind, part in Array(repeating: kind.0, count: part) }
        return Drawing.svg(
            id: "hundred", title: "All customers as a hundred dots",
            description:
                "\(parts[0]) of 100 left and were named, \(parts[1]) left and were not named, \(parts[2]) stayed"
                + " and were named, \(parts[3]) stayed and were not named.",
            width: Self.pitch * Double(Self.columns), height: Self.pitch * 5
        ) {
            for (place, kind) in dots.enumerated() {
                let (row, column) = place.quotientAndRemainder(dividingBy: Self.columns)
                Drawing.dot(
                    Self.pitch * (Double(column) + 0.5), Self.pitch * (Double(row) + 0.5), radius: 7.5, .class(kind))
            }
        }
    }
}
