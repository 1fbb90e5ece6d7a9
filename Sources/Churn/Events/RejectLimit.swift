/// How many lines of a file may be no events before all of it is refused.
package enum RejectLimit: Equatable, Sendable {
    case count(Int)
    case percent(Double)

    /// Reads `20` or `1%`.
    package init(_ text: String, option: String) throws(CommandError) {
        if text.hasSuffix("%"), let percent = Double(text.dropLast()), (0...100).contains(percent) {
            self = .percent(percent)
        } else if let count = Int(text), count >= 0 {
            self = .count(count)
        } else {
            throw CommandError(.usage, "\(option) must be a number of lines or a share such as 1%")
        }
    }

    /// Never all of them: a file without one event is the wrong file, or the wrong mapping.
    func allows(_ rejected: Int, of lines: Int) -> Bool {
        if rejected == 0 { return true }
        guard rejected < lines else { return false }
        switch self {
        case .count(let limit): return rejected <= limit
        case .percent(let percent): return Double(rejected) <= Double(lines) * percent / 100
        }
    }

    var text: String {
        switch self {
        case .count(let limit): "\(limit)"
        case .percent(let percent): "\(percent == percent.rounded() ? "\(Int(percent))" : "\(percent)") %"
        }
    }
}
