/// How much a key may ask: so many predictions in so many seconds, and as many of them at once.
package struct KeyRate: Equatable, Sendable {
    /// The most that a window takes, a million.
    package static let countMax = 1_000_000

    package let count: Int
    package let windowSeconds: Int

    /// The windows that have a name.
    private static let units: [(name: String, seconds: Int)] = [("s", 1), ("min", 60), ("h", 3600)]

    package init?(count: Int, windowSeconds: Int) {
        guard (1...Self.countMax).contains(count), windowSeconds > 0 else { return nil }
        self.count = count
        self.windowSeconds = windowSeconds
    }

    /// Reads `100/s`, `600/min`, `5000/h`, and `100` for `100/s`.
    package init?(text: some StringProtocol) {
        let words = text.split(separator: "/", omittingEmptySubsequences: false)
        let unit = words.count == 1 ? "s" : words.count == 2 ? String(words[1]) : ""
        guard let seconds = Self.units.first(where: { $0.name == unit })?.seconds, let digits = words.first,
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(digits)
        else { return nil }
        self.init(count: count, windowSeconds: seconds)
    }

    package var text: String {
        "\(count)/\(Self.units.first { $0.seconds == windowSeconds }?.name ?? "\(windowSeconds)s")"
    }
}
