/// Counts told as people out of a hundred.
package enum HundredPeople {
    /// Parts of 100 in proportion to `counts`, by the largest remainders (Hamilton), the first among equals.
    ///
    /// - Returns: zeros when nothing was counted.
    package static func parts(_ counts: [Int]) -> [Int] {
        let total = counts.reduce(0, +)
        guard total > 0 else { return counts.map { _ in 0 } }
        let exact = counts.map { 100 * Double($0) / Double(total) }
        var parts = exact.map { Int($0) }
        let order = counts.indices.sorted { left, right in
            let (a, b) = (exact[left] - Double(parts[left]), exact[right] - Double(parts[right]))
            return a == b ? left < right : a > b
        }
        for place in order.prefix(100 - parts.reduce(0, +)) { parts[place] += 1 }
        return parts
    }
}
