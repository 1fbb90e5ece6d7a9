import Learning

/// Where the fields of an event stand in the records of one file.
struct EventColumns: Sendable {
    enum Place: Equatable, Sendable {
        case column(Int)
        case constant([UInt8])
        /// The file does not have it.
        case nowhere
    }

    let customerID: Place
    let occurredAt: Place
    let kind: Place
    let service: Place
    let amount: Place
    let eventID: Place

    /// Finds the fields by the header: under the name that the mapping gives, else under ours.
    init(_ header: CSVHeader, _ mapping: EventMapping, file: String) throws(CommandError) {
        let find = { (field: EventField) throws(CommandError) in try Self.place(of: field, header, mapping, file) }
        customerID = try find(.customerID)
        occurredAt = try find(.occurredAt)
        kind = try find(.kind)
        service = try find(.service)
        amount = try find(.amount)
        eventID = try find(.eventID)
    }

    private static func place(
        of field: EventField, _ header: CSVHeader, _ mapping: EventMapping, _ file: String
    ) throws(CommandError) -> Place {
        let name: String
        switch mapping.sources[field] {
        case .constant(let value): return .constant(Array(value.utf8))
        case .column(let column): name = column
        case nil: name = field.rawValue
        }
        if let index = header.names.firstIndex(of: name) { return .column(index) }
        if mapping.sources[field] == nil, !field.isRequired { return .nowhere }
        let have = header.names.joined(separator: ", ")
        var hint = mapping.sources[field] == nil ? " (or say which it is with --mapping \(field.rawValue)=…)" : ""
        if header.names.count == 1, have.contains(";") || have.contains("\t") {
            hint = "; the columns of a CSV file are separated by commas"
        }
        throw CommandError(
            .data, "\(file): line \(header.line): no column \(name); there are \(have)\(hint)", code: "missing_column",
            place: CommandError.Place(file: file, line: header.line, column: name))
    }
}
