import Learning

/// Numbers and names as people read them; the only place of a report where that is decided.
package enum Format {
    /// Stands where there is no value.
    package static let none = "–"
    /// Keeps a number and its unit on one line.
    static let space = "\u{A0}"
    /// Longer names are cut, since a column may be named by a whole paragraph.
    private static let nameLengthMax = 60

    /// `12,345`.
    package static func count(_ count: Int) -> String {
        (count < 0 ? minus : "") + grouped(String(count.magnitude))
    }

    /// A count that ties made a fraction: `12,345` or `0.5`.
    package static func count(_ count: Double) -> String {
        count == count.rounded() || count.magnitude >= 100 ? number(count, decimals: 0) : number(count, decimals: 1)
    }

    /// `12.3 %`; nothing and all are `0 %` and `100 %`, and no other share is.
    package static func percent(_ share: Double?, decimals: Int = 1) -> String {
        guard let share, share.isFinite else { return none }
        if share == 0 || share == 1 { return wholePercent(share) }
        let text = number(100 * share, decimals: decimals)
        if share > 0, text == number(0, decimals: decimals) {
            return "<" + space + number(smallest(decimals), decimals: decimals) + space + "%"
        }
        if share < 1, text == number(100, decimals: decimals) {
            return ">" + space + number(100 - smallest(decimals), decimals: decimals) + space + "%"
        }
        return text + space + "%"
    }

    /// A percentage without more digits than it needs on an axis.
    package static func wholePercent(_ share: Double) -> String {
        plain(100 * share) + space + "%"
    }

    /// `0.7766`, with a true minus sign and separators of thousands.
    package static func number(_ value: Double?, decimals: Int) -> String {
        guard let value, value.isFinite else { return none }
        let text = fixed(value.magnitude, decimals: decimals)
        let parts = text.split(separator: ".", maxSplits: 1)
        guard parts[0].allSatisfy(\.isNumber) else { return (value < 0 ? minus : "") + text }
        let isZero = !text.contains { $0 != "0" && $0 != "." }
        return (value < 0 && !isZero ? minus : "") + grouped(String(parts[0])) + (parts.count > 1 ? ".\(parts[1])" : "")
    }

    /// As many digits as say something about a value of this size: `1,234`, `12.3`, `0.0123`.
    package static func plain(_ value: Double?) -> String {
        guard let value, value.isFinite else { return none }
        let size = value.magnitude
        if size >= 1e12 || size > 0 && size < 1e-6 { return shortText(value) }
        var decimals = size >= 100 ? 0 : size >= 10 ? 1 : 2
        var bound = 1.0
        while size > 0, size < bound, decimals < 9 {
            bound /= 10
            decimals += 1
        }
        return trimmed(number(value, decimals: decimals))
    }

    /// `× 1.41`, the factor by which odds change.
    package static func factor(_ factor: Double?) -> String {
        guard let factor, factor.isFinite else { return "×" + space + none }
        if factor < 0.005 || factor >= 1000 { return "×" + space + plain(factor) }
        return "×" + space + number(factor, decimals: factor >= 100 ? 0 : factor >= 10 ? 1 : 2)
    }

    /// `0.38 to 0.45`; a dash where there is no interval.
    package static func interval(factors interval: ClosedRange<Double>?) -> String {
        guard let interval else { return none }
        return [interval.lowerBound, interval.upperBound].map { String(factor($0).dropFirst(2)) }.joined(
            separator: " to ")
    }

    /// `0.763 to 0.790`; a dash where there is no interval.
    package static func interval(_ interval: ClosedRange<Double>?, decimals: Int) -> String {
        guard let interval else { return none }
        return number(interval.lowerBound, decimals: decimals) + " to "
            + number(interval.upperBound, decimals: decimals)
    }

    /// `31.7 % to 33.8 %`.
    package static func interval(percent interval: ClosedRange<Double>?) -> String {
        guard let interval else { return none }
        return number(100 * interval.lowerBound, decimals: 1) + " to " + percent(interval.upperBound)
    }

    /// `1,083 customers`, `1 customer`.
    package static func count(_ number: Int, of noun: String) -> String {
        count(number) + space + (number == 1 ? noun : noun + "s")
    }

    /// A text of the machine's, `log_loss better`, with spaces for its underscores.
    package static func words(_ text: String) -> String { String(text.map { $0 == "_" ? " " : $0 }) }

    /// A reason that may name many columns, cut where it is far too long.
    package static func sentence(_ text: String) -> String { text.count <= 400 ? text : text.prefix(399) + "…" }

    /// The name of a column or a level, cut where it is far too long.
    package static func name(_ name: String) -> String {
        name.count <= nameLengthMax ? name : name.prefix(nameLengthMax - 1) + "…"
    }

    /// A place in a drawing, to a hundredth of its unit.
    package static func coordinate(_ value: Double) -> String {
        precondition(value.isFinite, "a drawing has no place for a number that is not finite")
        let text = trimmed(fixed(value, decimals: 2))
        return text == "-0" ? "0" : text
    }

    private static let minus = "\u{2212}"

    private static func smallest(_ decimals: Int) -> Double { (0..<decimals).reduce(1.0) { value, _ in value / 10 } }

    private static func grouped(_ digits: String) -> String {
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// Without zeros at the end of the fraction.
    private static func trimmed(_ text: String) -> String {
        guard text.contains(".") else { return text }
        var text = text
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
