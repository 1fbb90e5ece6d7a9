import Bytes
import JSON
import Learning
import Postgres

/// Makes rows of `events` out of the records of a file, each checked before it is sent: PostgreSQL would refuse all of
/// them for one, and not say which.
struct EventEncoder: ~Copyable {
    /// The columns of a row, in the order in which they are sent.
    static let columns = "occurred_at, load_id, customer_id, kind, service, amount, event_id"
    static let columnCount = 7

    private let places: EventColumns
    private let loadID: Int32
    /// Microseconds since 1970.
    private let latest: Int
    /// Fields whose doubled quotes were made one, and constants.
    private var scratch = ByteBuffer(capacity: 512)

    /// The times of the events, in microseconds since 1970.
    private(set) var period: ClosedRange<Int>?
    private(set) var days = DaySet()

    /// - Parameter latest: events after it are rejected; in microseconds since 1970.
    init(_ places: EventColumns, loadID: Int, latest: Int) {
        self.places = places
        self.loadID = Int32(truncatingIfNeeded: loadID)
        self.latest = latest
    }

    /// Appends the present record of `reader` as a row, or says why it cannot be one.
    mutating func encode(_ reader: borrowing CSVReader, into rows: inout BinaryCopy) -> EventRejection? {
        rows.beginRow()
        var rejection: EventRejection?
        let time = encodeTime(reader, &rows, &rejection)
        rows.append(integer: loadID)
        encodeText(.customerID, places.customerID, reader, &rows, &rejection)
        encodeText(.kind, places.kind, reader, &rows, &rejection)
        encodeText(.service, places.service, reader, &rows, &rejection)
        encodeAmount(reader, &rows, &rejection)
        encodeText(.eventID, places.eventID, reader, &rows, &rejection)
        if rejection != nil {
            rows.cancelRow()
            return rejection
        }
        period = period.map { min($0.lowerBound, time)...max($0.upperBound, time) } ?? time...time
        days.insert(time.flooredDay)
        return nil
    }

    // MARK: Fields

    private mutating func encodeTime(
        _ reader: borrowing CSVReader, _ rows: inout BinaryCopy, _ rejection: inout EventRejection?
    ) -> Int {
        load(places.occurredAt, reader)
        let range = trimmedRange(scratch.span)
        guard !range.isEmpty else {
            rejection = .missing(.occurredAt)
            return 0
        }
        guard let time = CivilTime(rfc3339: scratch.span.extracting(range)), time.year > 0 else {
            rejection = .time
            return 0
        }
        let microseconds = time.microsecondsSince1970
        if microseconds > latest { rejection = .future }
        rows.append(microsecondsSince1970: microseconds)
        return microseconds
    }

    private mutating func encodeText(
        _ field: EventField, _ place: EventColumns.Place, _ reader: borrowing CSVReader, _ rows: inout BinaryCopy,
        _ rejection: inout EventRejection?
    ) {
        if rejection != nil { return }
        guard place != .nowhere else { return rows.appendNull() }
        load(place, reader)
        if trimmedRange(scratch.span).isEmpty {
            if field.isRequired { rejection = .missing(field) }
            return rows.appendNull()
        }
        if scratch.count > field.bytesMax {
            rejection = .tooLong(field)
        } else if let fault = fault(in: field) {
            rejection = fault
        }
        rows.append(text: scratch.span)
    }

    private mutating func encodeAmount(
        _ reader: borrowing CSVReader, _ rows: inout BinaryCopy, _ rejection: inout EventRejection?
    ) {
        if rejection != nil { return }
        guard places.amount != .nowhere else { return rows.appendNull() }
        load(places.amount, reader)
        let range = trimmedRange(scratch.span)
        if range.isEmpty { return rows.appendNull() }
        guard let amount = DecimalNumber(scratch.span.extracting(range)) else {
            rejection = EventRejection(amount: scratch.text(range))
            return
        }
        rows.append(decimal: amount)
    }

    /// Puts the value of a field into `scratch`, each doubled quote made one.
    private mutating func load(_ place: EventColumns.Place, _ reader: borrowing CSVReader) {
        scratch.removeAll()
        switch place {
        case .nowhere: return
        case .constant(let bytes): scratch.append(bytes)
        case .column(let index):
            let bytes = reader.bytes(index)
            guard reader.fields[index].isEscaped else { return scratch.append(bytes) }
            var offset = 0
            while offset < bytes.count {
                scratch.append(byte: bytes[offset])
                offset += bytes[offset] == 0x22 ? 2 : 1
            }
        }
    }

    // MARK: Faults

    /// What PostgreSQL would not take as text.
    private func fault(in field: EventField) -> EventRejection? {
        let bytes = scratch.span
        var offset = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == 0 { return .nul(field) }
            if byte < 0x80 {
                offset += 1
            } else if let length = lengthOfUTF8Sequence(bytes, at: offset) {
                offset += length
            } else {
                return .notUTF8(field)
            }
        }
        return nil
    }
}

extension Int {
    /// The day of a time in microseconds, both since 1970.
    var flooredDay: Int { self >= 0 ? self / 86_400_000_000 : (self + 1) / 86_400_000_000 - 1 }
}
