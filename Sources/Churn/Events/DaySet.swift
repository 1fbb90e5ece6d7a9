/// Days of the years 1 to 9999, in constant memory: one bit each.
struct DaySet: Sendable {
    /// 0001-01-01, in days since 1970-01-01.
    private static let first = -719_162
    private static let count = 3_652_059

    private var words = [UInt64](repeating: 0, count: Self.count / 64 + 1)
    private var latest = Int.min

    /// - Parameter day: days since 1970-01-01.
    mutating func insert(_ day: Int) {
        if day == latest { return }
        latest = day
        let place = day - Self.first
        precondition((0..<Self.count).contains(place), "day \(day) is not of the years 1 to 9999")
        words[place / 64] |= 1 << UInt64(place % 64)
    }

    /// Days since 1970-01-01, ascending.
    var days: [Int] {
        var days: [Int] = []
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                days.append(Self.first + index * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
        return days
    }
}
