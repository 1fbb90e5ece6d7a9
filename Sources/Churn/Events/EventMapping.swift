/// Which columns of a file are what: `customer_id=CUST_NO,kind='purchase'`, ours = theirs or a constant in quotes.
struct EventMapping: Equatable, Sendable {
    enum Source: Equatable, Sendable {
        case column(String)
        case constant(String)
    }

    private(set) var sources: [EventField: Source] = [:]

    /// - Parameter text: empty where every column has our name.
    init(_ text: String) throws(CommandError) {
        var rest = text[...]
        while !rest.isEmpty {
            guard let sign = rest.firstIndex(of: "=") else { throw Self.unreadable(rest) }
            let name = String(rest[..<sign])
            guard let field = EventField(rawValue: name) else {
                let names = EventField.allCases.map(\.rawValue).joined(separator: ", ")
                throw CommandError(.usage, "--mapping: \(name) is no column of ours; there are \(names)")
            }
            if sources[field] != nil { throw CommandError(.usage, "--mapping names \(name) twice") }
            rest = rest[rest.index(after: sign)...]
            sources[field] = try Self.source(&rest, name)
            guard rest.isEmpty || rest.removeFirst() == "," else { throw Self.unreadable(rest) }
        }
    }

    private static func source(_ rest: inout Substring, _ name: String) throws(CommandError) -> Source {
        for quote in ["'", "\""] as [Character] where rest.first == quote {
            let value = try quoted(&rest, quote)
            return quote == "'" ? .constant(value) : .column(value)
        }
        let column = rest.prefix { $0 != "," }
        rest = rest[column.endIndex...]
        guard !column.isEmpty else { throw CommandError(.usage, "--mapping: \(name) is given no column") }
        return .column(String(column))
    }

    /// Reads up to the closing quote; a doubled one stands for itself.
    private static func quoted(_ rest: inout Substring, _ quote: Character) throws(CommandError) -> String {
        let whole = rest
        var value = ""
        rest.removeFirst()
        while let character = rest.popFirst() {
            if character == quote {
                guard rest.first == quote else { return value }
                rest.removeFirst()
            }
            value.append(character)
        }
        throw unreadable(whole)
    }

    private static func unreadable(_ text: Substring) -> CommandError {
        CommandError(
            .usage, "--mapping: \(text) is not ours=theirs, such as customer_id=CUST_NO or kind='purchase'")
    }

    /// The same mapping always in the same words.
    var text: String {
        EventField.allCases.compactMap { field in
            switch sources[field] {
            case nil: nil
            case .column(let name): field.rawValue + "=\"" + Self.doubled(name, "\"") + "\""
            case .constant(let value): field.rawValue + "='" + Self.doubled(value, "'") + "'"
            }
        }.joined(separator: ",")
    }

    private static func doubled(_ text: String, _ quote: Character) -> String {
        String(text.flatMap { $0 == quote ? [$0, $0] : [$0] })
    }
}
