import Glibc

/// The environment of the process: the one place that reads it.
package struct Environment: Sendable {
    private let values: [String: String]

    package init(_ values: [String: String]) { self.values = values }

    /// What this process was started with.
    package static var process: Environment {
        var values: [String: String] = [:]
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let pair = unsafe String(cString: text)
            if let sign = pair.firstIndex(of: "=") {
                values[String(pair[..<sign])] = String(pair[pair.index(after: sign)...])
            }
            unsafe entry += 1
        }
        return Environment(values)
    }

    /// The value of a variable; an empty one counts as not set.
    package subscript(name: String) -> String? {
        guard let value = values[name], !value.isEmpty else { return nil }
        return value
    }

    /// The variables whose names begin with `prefix`, by name.
    func all(withPrefix prefix: String) -> [(name: String, value: String)] {
        values.filter { $0.key.hasPrefix(prefix) }.map { (name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
    }

    /// A variable that must be a whole number within `range`.
    package func integer(_ name: String, in range: ClosedRange<Int>) throws(CommandError) -> Int? {
        guard let text = self[name] else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw CommandError(
                .configuration, "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}
