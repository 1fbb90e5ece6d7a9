import Bytes
import JSON
import Learning
import Postgres

/// One event as a message has it: a JSON object whose members are named as the columns of `churn load` are.
///
/// Members of other names are somebody else's and are passed over; null is the same as nothing. Its memory is used again
/// and again.
struct EventMessage: ~Copyable {
    /// Every text of the event, one after the other.
    private(set) var text = ByteBuffer(capacity: 512)
    private(set) var amount: DecimalNumber?
    /// Microseconds since 1970.
    private(set) var occurredAt = 0
    private var ranges = InlineArray<6, Range<Int>>(repeating: 0..<0)
    private var seen: Set<EventField> = []

    /// Where a text is; empty for one that is not there.
    func range(of field: EventField) -> Range<Int> { ranges[field.index] }

    /// Reads an event.
    ///
    /// - Parameter latest: a later one is rejected; in microseconds since 1970.
    /// - Returns: why it is none.
    mutating func read(_ bytes: borrowing ByteBuffer, latest: Int) -> EventRejection? {
        text.removeAll()
        amount = nil
        ranges = InlineArray(repeating: 0..<0)
        seen.removeAll(keepingCapacity: true)
        do throws(JSONError) {
            return try readMembers(bytes.span) ?? check(latest)
        } catch {
            return .notJSON
        }
    }

    private mutating func readMembers(_ bytes: Span<UInt8>) throws(JSONError) -> EventRejection? {
        var reader = JSONReader(bytes)
        guard try reader.peek() == .object else {
            try reader.skipValue()
            try reader.finish()
            return .noObject
        }
        var rejection: EventRejection?
        try reader.beginObject()
        while try reader.nextMember() {
            let key = try reader.readKey()
            guard let field = EventField.allCases.first(where: { reader.equals(key, $0.name) }) else {
                try reader.skipValue()
                continue
            }
            if !seen.insert(field).inserted { rejection = rejection ?? .duplicate(field) }
            let fault = try readValue(of: field, &reader, bytes)
            rejection = rejection ?? fault
        }
        try reader.finish()
        return rejection
    }

    private mutating func readValue(
        of field: EventField, _ reader: inout JSONReader, _ bytes: Span<UInt8>
    ) throws(JSONError) -> EventRejection? {
        let start = text.count
        switch try reader.peek() {
        case .null: try reader.readNull()
        case .string:
            let string = try reader.readString()
            reader.decode(string, into: &text)
        case .number where field == .amount:
            let first = reader.offset
            try reader.skipValue()
            text.append(bytes.extracting(first..<reader.offset))
        default:
            try reader.skipValue()
            return .type(field)
        }
        ranges[field.index] = start..<text.count
        return nil
    }

    // MARK: Checks

    private mutating func check(_ latest: Int) -> EventRejection? {
        for field in EventField.allCases {
            let range = range(of: field)
            if trimmedRange(text.span.extracting(range)).isEmpty {
                if field.isRequired { return .missing(field) }
                ranges[field.index] = 0..<0
            } else if range.count > field.bytesMax {
                return .tooLong(field)
            } else if range.contains(where: { text[$0] == 0 }) {
                return .nul(field)
            }
        }
        return checkTime(latest) ?? checkAmount()
    }

    private mutating func checkTime(_ latest: Int) -> EventRejection? {
        guard let time = time(range(of: .occurredAt)) else { return .time }
        occurredAt = time
        return time > latest ? .future : nil
    }

    private func time(_ range: Range<Int>) -> Int? {
        let all = text.span.extracting(range)
        guard let time = CivilTime(rfc3339: all.extracting(trimmedRange(all))), time.year > 0 else { return nil }
        return time.microsecondsSince1970
    }

    private mutating func checkAmount() -> EventRejection? {
        let range = range(of: .amount)
        if range.isEmpty { return nil }
        amount = decimal(range)
        return amount == nil ? EventRejection(amount: text.text(range)) : nil
    }

    private func decimal(_ range: Range<Int>) -> DecimalNumber? {
        let all = text.span.extracting(range)
        return DecimalNumber(all.extracting(trimmedRange(all)))
    }
}

extension EventField {
    /// Its place among all.
    fileprivate var index: Int {
        switch self {
        case .customerID: 0
        case .occurredAt: 1
        case .kind: 2
        case .service: 3
        case .amount: 4
        case .eventID: 5
        }
    }

    /// The raw value, as bytes that are always there.
    fileprivate var name: StaticString {
        switch self {
        case .customerID: "customer_id"
        case .occurredAt: "occurred_at"
        case .kind: "kind"
        case .service: "service"
        case .amount: "amount"
        case .eventID: "event_id"
        }
    }
}
