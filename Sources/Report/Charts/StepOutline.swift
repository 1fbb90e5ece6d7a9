/// The shares of those who stayed and of those who left in the same bins, one outline over the other.
struct StepOutline {
    let edges: [Double]
    /// Rows a bin.
    let stayed: [Int]
    let churned: [Int]

    /// The highest share of either class in a bin, above 0.
    var peak: Double {
        let shares = Self.shares(stayed) + Self.shares(churned)
        return max(shares.max() ?? 0, 1e-9)
    }

    func markup(_ x: Scale, _ y: Scale) -> Markup {
        Markup {
            Drawing.area(points(stayed, x, y), bottom: y.start, .class("stayed area"))
            Drawing.area(points(churned, x, y), bottom: y.start, .class("left area"))
            Drawing.curve(points(stayed, x, y), .class("stayed line"))
            Drawing.curve(points(churned, x, y), .class("left line"))
        }
    }

    /// Nothing for a class without rows.
    private func points(_ counts: [Int], _ x: Scale, _ y: Scale) -> [(x: Double, y: Double)] {
        var points: [(x: Double, y: Double)] = []
        for (bin, share) in Self.shares(counts).enumerated() {
            points.append((x(edges[bin]), y(share)))
            points.append((x(edges[bin + 1]), y(share)))
        }
        return points
    }

    private static func shares(_ counts: [Int]) -> [Double] {
        let total = counts.reduce(0, +)
        return total > 0 ? counts.map { Double($0) / Double(total) } : []
    }
}
